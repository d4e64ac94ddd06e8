#include "services/event_log/guarded.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/event_log/descriptor.hpp"

namespace understudy {
namespace {

constexpr std::array kCrashes = {SIGBUS, SIGSEGV, SIGABRT, SIGFPE, SIGILL};

// The child's answer: one byte, kDone or an ErrorCode, then text.
constexpr char kDone = '\x7f';

bool in_child = false;

bool send(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string receive(int fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void flush_output() {
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
}

[[noreturn]] void run_child(int fd, pid_t parent,
                            const std::function<Result<std::string>()>& work) {
  // A crash is an answer here, so nobody else shall report it or dump core.
  in_child = true;
  for (const int signal : kCrashes)
    std::signal(signal, SIG_DFL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);

  const auto outcome = work();
  flush_output();
  const std::string answer = outcome ? kDone + outcome.value()
                                     : static_cast<char>(outcome.error().code) +
                                           outcome.error().message;
  // Not exit: what the parent set up is the parent's to take down.
  ::_exit(send(fd, answer) ? 0 : 1);
}

Error ended_by(std::string_view what, int status) {
  std::string message(what);
  if (!WIFSIGNALED(status)) {
    return {ErrorCode::internal,
            message + ": the checking process ended without an answer"};
  }
  const int signal = WTERMSIG(status);
  for (const int crash : kCrashes) {
    if (signal == crash) {
      return {ErrorCode::corrupt,
              message + ": the file is damaged: reading it ended with SIG" +
                  ::sigabbrev_np(signal)};
    }
  }
  return {ErrorCode::unavailable,
          message + ": the checking process was ended by signal " +
              std::to_string(signal)};
}

}  // namespace

bool is_guarded() { return in_child; }

Result<std::string> run_guarded(
    std::string_view what, const std::function<Result<std::string>()>& work) {
  const auto no_child = [&] {
    return Error{ErrorCode::unavailable,
                 std::string(what) + ": cannot start a process to check it: " +
                     std::strerror(errno)};
  };
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return no_child();
  const Descriptor from_child(ends[0]);
  Descriptor to_parent(ends[1]);
  flush_output();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return no_child();
  if (child == 0) run_child(to_parent.get(), parent, work);

  to_parent.reset();
  const auto answer = receive(from_child.get());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || answer.empty()) {
    return ended_by(what, status);
  }
  if (answer.front() == kDone) return answer.substr(1);
  return Error{static_cast<ErrorCode>(answer.front()), answer.substr(1)};
}

Result<void> check_guarded(std::string_view what,
                           const std::function<Result<void>()>& work) {
  const auto outcome = run_guarded(what, [&]() -> Result<std::string> {
    const auto checked = work();
    if (!checked) return checked.error();
    return std::string();
  });
  if (!outcome) return outcome.error();
  return {};
}

}  // namespace understudy
