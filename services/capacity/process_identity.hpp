#pragma once

/// Which process is which, beyond its number: numbers are used again, a
/// number with its start time is not.
///
/// Thread safety: all calls from any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace understudy {

struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t started = 0;  ///< Clock ticks since the machine started.
  std::string boot;           ///< Of the machine; `-` where it is hidden.
  friend bool operator==(const ProcessIdentity&,
                         const ProcessIdentity&) = default;
};

/// Where the kernel's text of one process has its state, group and start.
struct ProcessStat {
  char state = '?';
  pid_t group = 0;
  std::uint64_t started = 0;
};
/// `text` is that of /proc/PID/stat; a program's name may hold anything.
[[nodiscard]] std::optional<ProcessStat> parse_process_stat(
    std::string_view text);
[[nodiscard]] std::optional<ProcessStat> process_stat(pid_t pid);

/// Of this run of the machine.
[[nodiscard]] std::string boot_id();

/// It runs: it is no other process of the same number, and no zombie.
[[nodiscard]] bool is_alive(const ProcessIdentity& process);

/// `PID STARTED BOOT`, as it is kept in a file.
[[nodiscard]] std::string to_string(const ProcessIdentity& process);
[[nodiscard]] std::optional<ProcessIdentity> parse_process_identity(
    std::string_view text);

/// Those of a process group that run and hold `mark` (NAME=VALUE) in their
/// environment: the group of a leader that is gone may have been used again.
[[nodiscard]] std::vector<pid_t> marked_members(pid_t group,
                                                const std::string& mark);

}  // namespace understudy
