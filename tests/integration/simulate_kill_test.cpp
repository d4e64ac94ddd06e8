/// The program simulates and is killed at arbitrary points of its log; what
/// was durable is still there, and the same command goes on to the same end.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors/core/hash.hpp"
#include "actors/runtime/verify.hpp"
#include "services/codec/record_codec.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace understudy::test {
namespace {

namespace fs = std::filesystem;

constexpr int rounds = 50;

/// The main scenario, three days of it, with its traces found from anywhere.
fs::path short_scenario(const fs::path& folder, const std::string& seed) {
  const fs::path source =
      fs::path(UNDERSTUDY_SOURCE_DIR) / "deploy" / "scenarios";
  std::error_code there_already;
  fs::create_directory_symlink(source / "data", folder / "data", there_already);
  std::ifstream in(source / "main.yaml");
  const fs::path path = folder / ("seed-" + seed + ".yaml");
  std::ofstream out(path);
  for (std::string line; std::getline(in, line);) {
    out << (line == "seed: 1" ? "seed: " + seed : line) << '\n';
  }
  out << "duration_s: 259200\n";
  return path;
}

pid_t start(const fs::path& scenario, const fs::path& log) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int nowhere = ::open("/dev/null", O_WRONLY);
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
  ::execl(UNDERSTUDY_PROGRAM, "understudy", "simulate", scenario.c_str(),
          "--log", log.c_str(), nullptr);
  ::_exit(127);
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

/// What another process sees to be in the log; 0 when there is none yet.
std::uint64_t durable(const fs::path& log) {
  const auto reader = LmdbLog::open_reader(log);
  if (!reader) return 0;
  const auto end = reader.value()->end();
  return end ? end.value() - 1 : 0;
}

/// Kills the child once the log holds `target` records, or when it ended.
/// Returns what was seen to be durable.
std::uint64_t kill_at(pid_t child, const fs::path& log, std::uint64_t target) {
  std::uint64_t seen = 0;
  while (seen < target) {
    if (::waitpid(child, nullptr, WNOHANG) != 0) return seen;
    ::sched_yield();
    seen = durable(log);
  }
  ::kill(child, SIGKILL);
  wait_for(child);
  return seen;
}

std::vector<Record> records_without_epoch(const fs::path& path) {
  const auto log = LmdbLog::open_reader(path);
  const auto codec = make_record_codec();
  std::vector<Record> all;
  if (!log) return all;
  const auto read = log.value()->read(1, [&](const LogRecord& entry) {
    auto record = codec->decode(entry.bytes);
    EXPECT_TRUE(record.ok());
    all.push_back(std::move(record).value());
    all.back().epoch = 0;
    return Visit::next;
  });
  EXPECT_TRUE(read.ok());
  return all;
}

TEST(SimulateKill, GoesOnToTheSameEnd) {
  const TemporaryDirectory directory;
  const auto scenario = short_scenario(directory.path(), "1");
  const auto whole = directory.path() / "whole";
  ASSERT_EQ(wait_for(start(scenario, whole)), 0);
  const auto expected = records_without_epoch(whole);
  ASSERT_GT(expected.size(), 1000U);

  int killed_in_the_middle = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto log = directory.path() / std::to_string(round);
    const auto target = static_cast<std::uint64_t>(
        pick(round, 1, static_cast<std::int64_t>(expected.size())));
    const auto seen = kill_at(start(scenario, log), log, target);
    const auto left = durable(log);
    ASSERT_GE(left, seen) << "something durable is lost";
    if (left < expected.size()) ++killed_in_the_middle;

    ASSERT_EQ(wait_for(start(scenario, log)), 0);
    ASSERT_TRUE(records_without_epoch(log) == expected);
    fs::remove_all(log);
  }
  EXPECT_GT(killed_in_the_middle, rounds / 5);
}

TEST(SimulateKill, AnotherRunIsNotMixedIn) {
  const TemporaryDirectory directory;
  const auto scenario = short_scenario(directory.path(), "1");
  const auto log = directory.path() / "log";
  ASSERT_EQ(wait_for(start(scenario, log)), 0);
  const auto before = durable(log);
  const auto other = short_scenario(directory.path(), "7");
  EXPECT_NE(wait_for(start(other, log)), 0);
  EXPECT_EQ(durable(log), before);
}

}  // namespace
}  // namespace understudy::test
