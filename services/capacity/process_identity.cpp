#include "services/capacity/process_identity.hpp"

#include <array>
#include <cctype>
#include <csignal>
#include <filesystem>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr std::uint64_t most = ~std::uint64_t{0} >> 1U;

/// Empty when it cannot be read: a process may end between the opening of
/// its file and the reading, which a stream's iterators tell by throwing.
std::string whole(const std::string& path) {
  std::string text;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return text;
  std::array<char, 4096> part{};
  for (ssize_t got = 1; got > 0;) {
    got = ::read(file, part.data(), part.size());
    if (got > 0) text.append(part.data(), static_cast<std::size_t>(got));
  }
  ::close(file);
  return text;
}

bool holds_entry(const std::string& environment, const std::string& mark) {
  const std::string entry = mark + '\0';
  if (environment.starts_with(entry)) return true;
  return environment.find('\0' + entry) != std::string::npos;
}

std::optional<pid_t> number(std::string_view text) {
  const auto value = parse_number(text, 1U << 30U);
  if (!value || *value == 0) return std::nullopt;
  return static_cast<pid_t>(*value);
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
  const auto name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  std::istringstream rest{std::string(text.substr(name_end + 1))};
  ProcessStat stat;
  std::string field;
  // The third field is the state, the fifth the group, the 22nd the start.
  for (int i = 3; i <= 22; ++i) {
    if (!(rest >> field)) return std::nullopt;
    if (i == 3) stat.state = field.front();
    if (i != 5 && i != 22) continue;
    const auto value = parse_number(field, most);
    if (!value) return std::nullopt;
    if (i == 5) stat.group = static_cast<pid_t>(*value);
    if (i == 22) stat.started = *value;
  }
  return stat;
}

std::optional<ProcessStat> process_stat(pid_t pid) {
  return parse_process_stat(whole("/proc/" + std::to_string(pid) + "/stat"));
}

std::string boot_id() {
  std::string id = whole("/proc/sys/kernel/random/boot_id");
  while (!id.empty() && std::isspace(static_cast<unsigned char>(id.back())))
    id.pop_back();
  return id.empty() ? "-" : id;
}

bool is_alive(const ProcessIdentity& process) {
  static const std::string boot = boot_id();
  if (process.pid <= 0) return false;
  if (process.boot != boot && process.boot != "-" && boot != "-") return false;
  const auto stat = process_stat(process.pid);
  return stat && stat->started == process.started && stat->state != 'Z' &&
         stat->state != 'X';
}

std::string to_string(const ProcessIdentity& process) {
  return std::to_string(process.pid) + ' ' + std::to_string(process.started) +
         ' ' + process.boot;
}

std::optional<ProcessIdentity> parse_process_identity(std::string_view text) {
  std::istringstream fields{std::string(text)};
  std::string pid;
  std::string started;
  ProcessIdentity process;
  if (!(fields >> pid >> started >> process.boot)) return std::nullopt;
  const auto named = number(pid);
  const auto at = parse_number(started, most);
  if (!named || !at) return std::nullopt;
  process.pid = *named;
  process.started = *at;
  return process;
}

std::vector<pid_t> marked_members(pid_t group, const std::string& mark) {
  std::vector<pid_t> members;
  if (group <= 1 || ::kill(-group, 0) != 0) return members;
  std::error_code failed;
  std::filesystem::directory_iterator entry("/proc", failed);
  for (; !failed && entry != std::filesystem::directory_iterator();
       entry.increment(failed)) {
    const auto pid = number(entry->path().filename().string());
    if (!pid) continue;
    const auto stat = process_stat(*pid);
    if (!stat || stat->group != group || stat->state == 'Z') continue;
    if (holds_entry(whole(entry->path().string() + "/environ"), mark))
      members.push_back(*pid);
  }
  return members;
}

}  // namespace understudy
