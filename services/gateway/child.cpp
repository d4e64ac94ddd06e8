#include "services/gateway/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/event_log/descriptor.hpp"

namespace understudy::gateway {
namespace {

constexpr std::size_t most_output = 65'536;

std::string read_all(int fd) {
  std::string output;
  std::array<char, 4096> piece{};
  for (;;) {
    const auto n = ::read(fd, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return output;
    if (output.size() < most_output)
      output.append(piece.data(), static_cast<std::size_t>(n));
  }
}

/// The environment without what systemd says to this process alone.
std::vector<char*> child_environment() {
  std::vector<char*> kept;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text(*one);
    if (!text.starts_with("NOTIFY_SOCKET=") && !text.starts_with("WATCHDOG_"))
      kept.push_back(*one);
  }
  kept.push_back(nullptr);
  return kept;
}

int spawn(const std::vector<std::string>& command, const std::string& third,
          int output, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output, 1);
  ::posix_spawn_file_actions_adddup2(&actions, output, 2);
  // Both ways, so that it opens and can be written to with no reader there.
  if (!third.empty()) {
    ::posix_spawn_file_actions_addopen(&actions, 3, third.c_str(),
                                       O_RDWR | O_NONBLOCK, 0);
  }
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSID);
  std::vector<char*> arguments;
  for (const std::string& one : command)
    arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  auto environment = child_environment();
  const int failure =
      ::posix_spawnp(&child, arguments.front(), &actions, &attributes,
                     arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  return failure;
}

}  // namespace

Result<ChildOutcome> run_child(const std::vector<std::string>& command,
                               const std::string& third) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return Error{ErrorCode::unavailable, std::strerror(errno)};
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  pid_t child = 0;
  const int failure = spawn(command, third, writing.get(), child);
  writing.reset();
  if (failure != 0) {
    return Error{ErrorCode::not_found,
                 command.front() + " cannot be run: " + std::strerror(failure)};
  }
  ChildOutcome outcome;
  outcome.output = read_all(reading.get());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.exit_code =
      WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

}  // namespace understudy::gateway
