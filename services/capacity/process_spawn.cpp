#include "services/capacity/process_spawn.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/event_log/descriptor.hpp"

namespace understudy {
namespace {

/// What the child needs, made before the fork: between fork and exec of a
/// program with threads nothing may be allocated.
struct Prepared {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::string new_identity_file;
  std::string boot;
  int report = -1;
};

struct Failure {
  int step = 0;
  int error = 0;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts)
    all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void give_up(int report, SpawnStep step) {
  const Failure failure{static_cast<int>(step), errno};
  [[maybe_unused]] const auto written =
      ::write(report, &failure, sizeof(failure));
  ::_exit(127);
}

/// Appends the digits of `value`; returns the new length.
std::size_t put_number(char* text, std::size_t at, std::uint64_t value) {
  std::array<char, 20> digits{};
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (count > 0)
    text[at++] = digits[--count];
  return at;
}

/// The 22nd field of this process's own stat; 0 when it cannot be read.
std::uint64_t own_start() {
  std::array<char, 1024> text{};
  const int file = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const ssize_t got = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  if (got <= 0) return 0;
  const char* at = std::strrchr(text.data(), ')');
  // One space before the third field, so 20 spaces before the 22nd.
  for (int spaces = 0; at != nullptr && *at != '\0' && spaces < 20; ++at) {
    if (*at == ' ') ++spaces;
  }
  std::uint64_t value = 0;
  while (at != nullptr && *at >= '0' && *at <= '9')
    value = value * 10 + static_cast<std::uint64_t>(*at++ - '0');
  return value;
}

bool write_identity(const SpawnCall& call, const Prepared& prepared) {
  std::array<char, 128> text{};
  std::size_t size =
      put_number(text.data(), 0, static_cast<std::uint64_t>(::getpid()));
  text[size++] = ' ';
  const std::uint64_t started = own_start();
  if (started == 0) return false;
  size = put_number(text.data(), size, started);
  text[size++] = ' ';
  for (const char c : prepared.boot) {
    if (size + 2 < text.size()) text[size++] = c;
  }
  text[size++] = '\n';
  const int file = ::open(prepared.new_identity_file.c_str(),
                          O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (file < 0) return false;
  const bool written =
      ::write(file, text.data(), size) == static_cast<ssize_t>(size);
  ::close(file);
  return written && ::rename(prepared.new_identity_file.c_str(),
                             call.identity_file.c_str()) == 0;
}

/// The daemon blocks and ignores signals that a program wants to hear.
void reset_signals() {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal)
    ::sigaction(signal, &usual, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const SpawnCall& call, const Prepared& prepared) {
  const int report = prepared.report;
  ::setsid();
  reset_signals();
  const int output =
      ::open(call.output_file.c_str(),
             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (output < 0 || nothing < 0 || ::dup2(nothing, 0) < 0 ||
      ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) {
    give_up(report, SpawnStep::output);
  }
  // Whatever else is open, libraries' files too, ends with the exec.
  ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  if (::chdir(call.working_directory.c_str()) != 0)
    give_up(report, SpawnStep::working_directory);
  if (!write_identity(call, prepared)) give_up(report, SpawnStep::identity);
  ::execve(call.program.c_str(), prepared.arguments.data(),
           prepared.environment.data());
  give_up(report, SpawnStep::program);
}

}  // namespace

SpawnAnswer spawn_process(const SpawnCall& call) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return {0, SpawnStep::fork, errno};
  const Descriptor from(pipe[0]);
  Descriptor to(pipe[1]);
  const Prepared prepared{pointers(call.arguments), pointers(call.environment),
                          call.identity_file + ".new", boot_id(), to.get()};
  const pid_t pid = ::fork();
  if (pid < 0) return {0, SpawnStep::fork, errno};
  if (pid == 0) become(call, prepared);
  to.reset();
  Failure failure;
  ssize_t got = 0;
  do {
    got = ::read(from.get(), &failure, sizeof(failure));
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof(failure)))
    return {pid, SpawnStep::program, 0};
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  ::unlink(call.identity_file.c_str());
  return {0, static_cast<SpawnStep>(failure.step), failure.error};
}

}  // namespace understudy
