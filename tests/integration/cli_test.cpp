// The program as a user runs it: standard output, standard error, exit code.

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/contract/temporary_directory.hpp"
#include "tests/support/shell_run.hpp"
#include "tests/support/small_log.hpp"
#include "tests/support/small_story.hpp"

namespace understudy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace fs = std::filesystem;

using Ran = test::ShellRun;

class Cli : public ::testing::Test {
 protected:
  void SetUp() override { write_log(log(), small_story().records()); }

  [[nodiscard]] fs::path log() const { return directory_.path() / "log"; }

  /// Runs `understudy WORDS` through the shell.
  [[nodiscard]] Ran run(const std::string& words,
                        const std::string& after = {}) const {
    const fs::path err = directory_.path() / "stderr";
    const std::string line = std::string(UNDERSTUDY_PROGRAM) + ' ' + words +
                             " 2>" + err.string() + ' ' + after;
    return test::run_shell(line, err);
  }

  [[nodiscard]] Ran on_log(const std::string& words) const {
    return run(words + " --log " + log().string());
  }

  [[nodiscard]] fs::path data_file() const { return log() / "data.mdb"; }

  /// One line, and nothing else anywhere.
  static void expect_one_line(const Ran& ran, int code) {
    EXPECT_EQ(ran.code, code) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("error: "));
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  }

 private:
  test::TemporaryDirectory directory_;
};

TEST_F(Cli, every_command_speaks_json) {
  for (const std::string command :
       {"get endpoints", "get pools", "get instances", "get operations",
        "describe endpoint chat", "explain chat", "explain chat/1-2-0",
        "explain 0:1", "stats", "replay", "verify"}) {
    const Ran ran = on_log(command + " -o json");
    EXPECT_EQ(ran.code, 0) << command << ": " << ran.err;
    EXPECT_EQ(ran.err, "");
    const auto json = nlohmann::json::parse(ran.out, nullptr, false);
    ASSERT_TRUE(json.is_object()) << command;
    EXPECT_EQ(json["apiVersion"], "understudy/v1") << command;
    EXPECT_TRUE(json["kind"].is_string()) << command;
  }
  std::istringstream lines(on_log("events -o json").out);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_TRUE(nlohmann::json::parse(line, nullptr, false).is_object());
  }
  EXPECT_EQ(count, 65U);
}

TEST_F(Cli, the_environment_may_name_the_log) {
  ::setenv("UNDERSTUDY_LOG", ("embedded:" + log().string()).c_str(), 1);
  const Ran ran = run("get endpoints");
  ::unsetenv("UNDERSTUDY_LOG");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("NAME"));
}

TEST_F(Cli, no_log_named) {
  const Ran ran = run("verify");
  expect_one_line(ran, 2);
  EXPECT_THAT(ran.err, HasSubstr("--log"));
  EXPECT_THAT(ran.err, HasSubstr("UNDERSTUDY_LOG"));
}

TEST_F(Cli, no_log_there) {
  expect_one_line(run("verify --log " + log().string() + "-missing"), 3);
}

TEST_F(Cli, a_file_that_is_no_log) {
  const fs::path other = log() / "other";
  fs::create_directory(other);
  std::ofstream(other / data_file().filename()) << std::string(8192, 'x');
  expect_one_line(run("get endpoints --log " + other.string()), 1);
}

TEST_F(Cli, a_truncated_log_is_an_error_and_no_crash) {
  fs::resize_file(data_file(), 16'384);
  for (const std::string command :
       {"get endpoints", "verify", "replay", "explain chat"}) {
    expect_one_line(on_log(command), 1);
  }
}

TEST_F(Cli, a_flipped_bit_in_a_record_is_found_where_it_is) {
  std::ostringstream all;
  all << std::ifstream(data_file(), std::ios::binary).rdbuf();
  std::string bytes = all.str();
  std::size_t flipped = 0;
  // All copies: the file holds pages that are no longer in use.
  for (auto at = bytes.find("STOCKOUT"); at != std::string::npos;
       at = bytes.find("STOCKOUT", at), ++flipped) {
    bytes[at] = 'T';
  }
  ASSERT_GT(flipped, 0U);
  std::ofstream(data_file(), std::ios::binary) << bytes;
  const Ran ran = on_log("verify");
  expect_one_line(ran, 1);
  EXPECT_THAT(ran.err, HasSubstr("0:"));
}

TEST_F(Cli, a_reader_that_goes_away_is_no_error) {
  const Ran ran = run("events --log " + log().string(), "| head -n 1");
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, StartsWith("POSITION"));
}

TEST_F(Cli, nothing_is_coloured_when_nobody_watches) {
  const Ran ran = on_log("describe endpoint chat");
  EXPECT_EQ(ran.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(on_log("verify").err, "");
}

/// The program with a pipe as its standard output, until it is ended.
class Started {
 public:
  Started(const fs::path& log, const std::vector<std::string>& words) {
    std::vector<std::string> all{UNDERSTUDY_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--log", log.string()});
    std::vector<char*> arguments;
    for (std::string& word : all)
      arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    from_ = ::fdopen(ends[0], "r");
  }

  ~Started() {
    close();
    if (child_ > 0) wait();
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  /// The next line; empty at the end.
  std::string line() {
    std::string text;
    for (int c = std::fgetc(from_); c != EOF && c != '\n';
         c = std::fgetc(from_)) {
      text += static_cast<char>(c);
    }
    return text;
  }

  void end(int signal) const { ::kill(child_, signal); }

  void close() {
    if (from_ != nullptr) std::fclose(from_);
    from_ = nullptr;
  }

  /// Its exit code.
  int wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t child_ = -1;
  FILE* from_ = nullptr;
};

TEST_F(Cli, a_follower_ends_with_success_when_it_is_told_to) {
  for (const int signal : {SIGINT, SIGTERM}) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"events", "-f", "-o", "json"},
          std::vector<std::string>{"get", "instances", "-w", "-o", "json"}}) {
      Started started(log(), words);
      EXPECT_THAT(started.line(), StartsWith("{"));
      started.end(signal);
      while (!started.line().empty()) {
      }
      EXPECT_EQ(started.wait(), 0) << words.front();
    }
  }
}

TEST_F(Cli, a_follower_ends_when_nobody_reads_it_any_more) {
  Started started(log(), {"events", "-f", "-o", "json"});
  for (int i = 0; i < 65; ++i)
    EXPECT_THAT(started.line(), StartsWith("{"));
  started.close();
  EXPECT_EQ(started.wait(), 0);
}

TEST_F(Cli, version_and_schema) {
  const Ran version = run("--version");
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, StartsWith("understudy "));
  EXPECT_EQ(version.out, run("version").out);
  const Ran schema = run("schema endpoint -o json");
  EXPECT_EQ(schema.code, 0);
  EXPECT_TRUE(nlohmann::json::parse(schema.out, nullptr, false).is_object());
}

TEST_F(Cli, wrong_usage) {
  EXPECT_EQ(run("").code, 2);
  EXPECT_EQ(run("frobnicate").code, 2);
  EXPECT_EQ(on_log("get endpoints -o xml").code, 2);
  EXPECT_EQ(run("--help").code, 0);
}

}  // namespace
}  // namespace understudy
