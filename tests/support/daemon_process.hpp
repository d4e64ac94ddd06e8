#pragma once

/// A daemon under test: started in a directory of its own on a free port,
/// stopped by its process id, and gone when the test is, however that ends.

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace understudy::test {

struct DaemonOrder {
  std::filesystem::path program;  ///< understudyd.
  std::filesystem::path log;      ///< Directory of its log.
  std::string capacity;           ///< Such as `simulated:FILE`.
  std::string listen = "127.0.0.1:0";
  std::vector<std::string> more;  ///< Further arguments.
};

class DaemonProcess {
 public:
  /// Returns when it listens, or when it ended before that: `port` is 0 then
  /// and `output` says why.
  explicit DaemonProcess(const DaemonOrder& order) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::vector<std::string> words = words_of(order);
    pid_ = ::fork();
    if (pid_ == 0) become(words, ends[1]);
    ::close(ends[1]);
    reader_ = std::thread([this, from = ends[0]] { read(from); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return port_ != 0 || ended_; });
  }
  ~DaemonProcess() {
    end(SIGKILL);
    reader_.join();
  }
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;

  [[nodiscard]] int port() const {
    const std::lock_guard lock(mutex_);
    return port_;
  }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port());
  }
  /// 0 when it was waited for.
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// All it wrote so far.
  [[nodiscard]] std::string output() const {
    const std::lock_guard lock(mutex_);
    return output_;
  }

  /// Asks it to stop; returns its exit code, or minus the signal that ended
  /// it.
  int stop() { return end(SIGTERM); }
  /// Ends it as a power cut would.
  int kill() { return end(SIGKILL); }

 private:
  static std::vector<std::string> words_of(const DaemonOrder& order) {
    std::vector<std::string> words{order.program.string(),
                                   "--log",
                                   "embedded:" + order.log.string(),
                                   "--capacity",
                                   order.capacity,
                                   "--listen",
                                   order.listen};
    words.insert(words.end(), order.more.begin(), order.more.end());
    return words;
  }

  [[noreturn]] static void become(const std::vector<std::string>& words,
                                  int out) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : words)
      arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }

  void read(int from) {
    char piece[4096];
    ssize_t n = 0;
    while ((n = ::read(from, piece, sizeof piece)) > 0) {
      const std::lock_guard lock(mutex_);
      output_.append(piece, static_cast<std::size_t>(n));
      if (port_ == 0) port_ = find_port();
      changed_.notify_all();
    }
    ::close(from);
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  /// Of the line that says where it listens, once it is whole.
  [[nodiscard]] int find_port() const {
    constexpr std::string_view name = " port=";
    const auto line = output_.find("listening");
    if (line == std::string::npos) return 0;
    const auto port = output_.find(name, line);
    const auto end = output_.find('\n', line);
    if (end == std::string::npos || port > end) return 0;
    return std::stoi(output_.substr(port + name.size()));
  }

  int end(int signal) {
    if (pid_ <= 0) return code_;
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return code_;
  }

  pid_t pid_ = 0;
  int code_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;
  int port_ = 0;
  bool ended_ = false;
  std::thread reader_;
};

}  // namespace understudy::test
