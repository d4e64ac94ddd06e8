#pragma once

/// The command line against a running daemon, both as a user runs them.

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/contract/temporary_directory.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/shell_run.hpp"

namespace understudy {

using Ran = test::ShellRun;

class Client : public ::testing::Test {
 protected:
  void SetUp() override { start(); }

  void start(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--set", "clock.speed=" + speed_});
    daemon_ = std::make_unique<test::DaemonProcess>(test::DaemonOrder{
        UNDERSTUDY_DAEMON, path("log"),
        "simulated:" UNDERSTUDY_SOURCE_DIR "/deploy/scenarios/main.yaml",
        "127.0.0.1:0", std::move(more)});
    ASSERT_NE(daemon_->port(), 0) << daemon_->output();
    url_ = daemon_->url();
  }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory_.path() / name).string();
  }

  /// A file with one endpoint; returns its path.
  [[nodiscard]] std::string file(const std::string& name, int count = 2,
                                 int timeout_s = 1800) const {
    const std::string at = path(name + ".yaml");
    std::ofstream(at) << document(name, count, timeout_s);
    return at;
  }

  static std::string document(const std::string& name, int count,
                              int timeout_s) {
    return "name: " + name +
           "\nvariants:\n  - model: chat-8b\n    initial_count: " +
           std::to_string(count) +
           "\n    provision_timeout_s: " + std::to_string(timeout_s) +
           "\n    pools:\n"
           "      - {instance_type: a3-highgpu-1g, market: spot,\n"
           "         zones: [us-central1-a, us-central1-c, us-central1-b]}\n";
  }

  /// Runs `understudy WORDS` through the shell.
  [[nodiscard]] Ran run(const std::string& words,
                        const std::string& before = {}) const {
    const std::string err = path("stderr");
    const std::string line = before + "UNDERSTUDY_SERVER=" + url_ + ' ' +
                             UNDERSTUDY_PROGRAM + ' ' + words + " 2>" + err;
    return test::run_shell(line, err);
  }

  /// Runs what must succeed.
  std::string out_of(const std::string& words) const {
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, 0) << words << ": " << ran.err;
    return ran.out;
  }

  static void expect_one_line(const Ran& ran, int code) {
    EXPECT_EQ(ran.code, code) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, ::testing::StartsWith("error: "));
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  }

  /// Starts the daemon again, where it was.
  void start_again() {
    daemon_ = std::make_unique<test::DaemonProcess>(test::DaemonOrder{
        UNDERSTUDY_DAEMON,
        path("log"),
        "simulated:" UNDERSTUDY_SOURCE_DIR "/deploy/scenarios/main.yaml",
        url_.substr(std::string("http://").size()),
        {"--set", "clock.speed=" + speed_}});
    ASSERT_NE(daemon_->port(), 0) << daemon_->output();
  }

  /// Another daemon, on the same log, in a slower world.
  void slow_down(const std::string& speed) {
    daemon_->stop();
    speed_ = speed;
    start();
  }

  /// Nothing is to be had of what `chat` may use.
  void close_all() const {
    for (const char* zone : {"a", "b", "c"}) {
      out_of(std::string("capacity close a3-highgpu-1g/us-central1-") + zone +
             "/spot");
    }
  }

  /// A command that goes on.
  class Running {
   public:
    Running(const std::string& url, const std::string& words)
        : pipe_(::popen(("UNDERSTUDY_SERVER=" + url + " sh -c 'echo $$; exec " +
                         UNDERSTUDY_PROGRAM + ' ' + words + " 2>&1'")
                            .c_str(),
                        "r")) {
      pid_ = std::stoi(line());
    }
    ~Running() {
      if (pipe_ != nullptr) (void)end();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    /// Empty at the end.
    std::string line() {
      std::string text;
      std::array<char, 65536> piece{};
      while (!text.ends_with('\n') &&
             std::fgets(piece.data(), piece.size(), pipe_) != nullptr) {
        text += piece.data();
      }
      return text;
    }
    /// The next line that holds `part`; empty at the end.
    std::string line_with(const std::string& part) {
      std::string text = line();
      while (!text.empty() && text.find(part) == std::string::npos)
        text = line();
      return text;
    }
    /// Asks it to end; returns its exit code.
    int end() {
      ::kill(pid_, SIGTERM);
      return wait();
    }
    /// Waits until it ends.
    int wait() {
      const int status = ::pclose(std::exchange(pipe_, nullptr));
      return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

   private:
    FILE* pipe_;
    pid_t pid_ = 0;
  };

  std::unique_ptr<test::DaemonProcess> daemon_;
  std::string url_;
  std::string speed_ = "2000";  ///< Times real time.

 private:
  test::TemporaryDirectory directory_;
};

}  // namespace understudy
