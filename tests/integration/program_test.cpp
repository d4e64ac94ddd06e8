/// The program as a shell runs it: exit codes and the one line of an error
/// where files and streams misbehave.

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/contract/temporary_directory.hpp"

namespace understudy::test {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int code = -1;
  std::string output;  ///< Both streams.
};

/// Runs a shell command in which `understudy` is the program.
Ran run(const std::string& command) {
  const std::string line = "understudy() { '" UNDERSTUDY_PROGRAM
                           "' \"$@\"; }; (" +
                           command + ") 2>&1";
  Ran ran;
  std::FILE* pipe = ::popen(line.c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> chunk{};
  while (const auto got = std::fread(chunk.data(), 1, chunk.size(), pipe)) {
    ran.output.append(chunk.data(), got);
  }
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  return ran;
}

class Program : public testing::Test {
 protected:
  Program() {
    const fs::path source =
        fs::path(UNDERSTUDY_SOURCE_DIR) / "deploy" / "scenarios";
    fs::create_directory_symlink(source / "data", folder() / "data");
    std::ifstream in(source / "main.yaml");
    std::ofstream out(folder() / "short.yaml");
    out << in.rdbuf() << "\nduration_s: 21600\n";
  }

  [[nodiscard]] fs::path folder() const { return directory_.path(); }

  /// The command is run in the folder that holds short.yaml.
  [[nodiscard]] Ran in_folder(const std::string& command) const {
    return run("cd '" + folder().string() + "' && " + command);
  }

 private:
  TemporaryDirectory directory_;
};

void expect_error(const Ran& ran, int code, const std::string& part) {
  EXPECT_EQ(ran.code, code) << ran.output;
  EXPECT_NE(ran.output.find("error: "), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find(part), std::string::npos) << ran.output;
}

TEST_F(Program, output_that_gets_nowhere_is_a_failure) {
  ASSERT_EQ(in_folder("understudy simulate short.yaml --log log").code, 0);
  for (const char* command : {"events -o json", "get instances", "verify"}) {
    expect_error(in_folder("understudy " + std::string(command) +
                           " --log log > /dev/full"),
                 1, "could not be written");
  }
  // A reader that has seen enough is none.
  const auto head = in_folder("understudy events --log log | head -n 1");
  EXPECT_EQ(head.code, 0);
  EXPECT_EQ(head.output.find("error"), std::string::npos) << head.output;
}

TEST_F(Program, a_file_that_may_not_grow_is_an_error_and_nothing_is_lost) {
  // The limit is in blocks of 512 bytes.
  expect_error(
      in_folder("ulimit -f 300; understudy simulate short.yaml --log log"), 1,
      "error: ");
  const auto whole = in_folder("understudy simulate short.yaml --log whole");
  const auto resumed = in_folder("understudy simulate short.yaml --log log");
  ASSERT_EQ(resumed.code, 0) << resumed.output;
  const auto digest_of = [](const std::string& text) {
    const auto at = text.find("digest ");
    return at == std::string::npos ? "" : text.substr(at, 28);
  };
  EXPECT_EQ(digest_of(whole.output), digest_of(resumed.output));
  EXPECT_FALSE(digest_of(whole.output).empty());
}

TEST_F(Program, a_damaged_log_is_not_gone_on_with) {
  ASSERT_EQ(in_folder("understudy simulate short.yaml --log log").code, 0);
  for (int page = 2; page < 14; ++page) {
    const auto ran = in_folder(
        "rm -rf bad && mkdir bad && cp log/data.mdb bad/ && dd if=/dev/zero "
        "of=bad/data.mdb bs=4096 count=1 conv=notrunc status=none seek=" +
        std::to_string(page) + " && understudy simulate short.yaml --log bad");
    EXPECT_TRUE(ran.code == 0 || ran.code == 1) << ran.code << ran.output;
    EXPECT_EQ(in_folder("understudy verify --log bad").code, ran.code)
        << "page " << page;
  }
}

TEST_F(Program, what_is_no_regular_file_is_refused_and_not_waited_for) {
  ASSERT_EQ(::mkfifo((folder() / "fifo").c_str(), 0600), 0);
  expect_error(in_folder("understudy simulate fifo --log log"), 1,
               "no regular file");
  expect_error(in_folder("understudy simulate data --log log"), 1, "data");
  expect_error(in_folder("understudy simulate short.yaml --log kafka:x"), 2,
               "accepted: DIR or embedded:DIR");
  EXPECT_FALSE(fs::exists(folder() / "kafka:x"));
}

TEST_F(Program, numbers_do_not_wrap_and_selections_that_select_nothing_say_so) {
  ASSERT_EQ(in_folder("understudy simulate short.yaml --log log").code, 0);
  expect_error(in_folder("understudy simulate short.yaml --log l --seed -1"), 2,
               "--seed '-1'");
  expect_error(in_folder("understudy events --log log --limit -1"), 2,
               "--limit '-1'");
  expect_error(
      in_folder("understudy events --log log --limit 18446744073709551616"), 2,
      "a whole number");
  expect_error(in_folder("understudy events --log log --endpoint nope"), 1,
               "no endpoint 'nope'");
  expect_error(in_folder("understudy events --log log --stream foo"), 2,
               "no stream");
  expect_error(in_folder("understudy get pools chat/primary/no --log log"), 1,
               "has no pool");
  expect_error(in_folder("understudy stats --log log --since "
                         "2999-01-01T00:00:00Z"),
               1, "after the last record");
  expect_error(run("understudy conquer"), 2, "unknown command 'conquer'");
}

}  // namespace
}  // namespace understudy::test
