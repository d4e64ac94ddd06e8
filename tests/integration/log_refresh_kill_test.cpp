/// A process that appends and refreshes its snapshots at the same time is
/// killed at arbitrary points, again and again, on one log. A start from what
/// it left must be the start that the whole log gives.

#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors/core/hash.hpp"
#include "actors/runtime/snapshots.hpp"
#include "services/codec/record_codec.hpp"
#include "services/codec/rest_codec.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/support/small_story.hpp"

namespace understudy {
namespace {

constexpr std::uint64_t rounds = 30;

using Encoded = std::vector<std::vector<std::byte>>;

/// The small story of one endpoint, told of many, one after the other.
Encoded many_endpoints() {
  constexpr std::uint64_t endpoints = 100;
  const TinyRuntime tiny = small_story();
  const auto codec = make_record_codec();
  Encoded all;
  for (std::uint64_t at = 0; at < endpoints; ++at) {
    const std::uint64_t before = all.size();
    for (Record record : tiny.records()) {
      const auto name = record.stream.endpoint_name();
      record.stream.text.replace(
          static_cast<std::size_t>(name.data() - record.stream.text.data()),
          name.size(), "e" + std::to_string(at));
      record.sequence += before;
      if (record.delivered != 0) record.delivered += before;
      if (record.cause.sequence != 0) record.cause.sequence += before;
      codec->encode(record, all.emplace_back());
    }
  }
  return all;
}

Result<void> append(LmdbLog& log, const Encoded& records, std::size_t count) {
  const auto first = log.end().value();
  std::vector<Bytes> batch;
  for (auto at = first - 1; at < records.size() && batch.size() < count; ++at)
    batch.emplace_back(records[at]);
  return log.append(first, batch);
}

/// Never returns by itself.
[[noreturn]] void work(const std::filesystem::path& directory,
                       const Encoded& records, int ready, bool drop) {
  LmdbOptions options;
  options.durability = Durability::os;  // kill -9 is survived all the same
  auto log = LmdbLog::open_writer(directory, options);
  if (!log) ::_exit(2);
  // A few records for each refresh, while it runs, so that they last.
  std::atomic<std::uint64_t> refreshed = 0;
  std::thread appends([&] {
    for (std::uint64_t count = 1;; ++count) {
      if (!append(*log.value(), records, count % 3 + 1)) ::_exit(3);
      while (refreshed.load() < count)
        ::sched_yield();
    }
  });
  const auto codec = make_record_codec();
  const auto rests = make_rest_codec();
  for (;;) {
    if (!refresh_snapshots(*log.value(), *codec, *rests)) ::_exit(4);
    ++refreshed;
    [[maybe_unused]] const auto said = ::write(ready, "r", 1);
    // When the records have run out there is else nothing to write.
    const bool over = log.value()->end().value() > records.size();
    if ((drop || over) && !log.value()->drop_snapshots()) ::_exit(5);
  }
}

struct Start {
  bool from_snapshots = false;
  std::uint64_t folded = 0;
  std::uint64_t digest = 0;
  std::uint64_t sequence = 0;
  std::vector<std::pair<std::uint64_t, StreamId>> undelivered;
};

Start start_of(const EventLog& log, bool with_snapshots) {
  const auto codec = make_record_codec();
  Start start;
  Fleet fleet;
  Undelivered undelivered(fleet);
  if (with_snapshots) {
    const auto found =
        restore_fleet(log, *codec, *make_rest_codec(), fleet, undelivered);
    EXPECT_TRUE(found.ok()) << found.error().message;
    start.from_snapshots = found.ok() && found.value();
  }
  const auto folded = replay(log, *codec, fleet, {}, [&](const Record& record) {
    undelivered.see(record);
  });
  EXPECT_TRUE(folded.ok()) << folded.error().message;
  if (folded.ok()) start.folded = folded.value().records;
  start.digest = fleet.digest();
  start.sequence = fleet.sequence();
  start.undelivered = undelivered.list();
  return start;
}

/// Waits for `refreshes` of them, then a little, then kills.
void run_and_kill(const std::filesystem::path& directory,
                  const Encoded& records, std::uint64_t round) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  const pid_t child = ::fork();
  if (child == 0) work(directory, records, ends[1], round % 7 == 6);
  ::close(ends[1]);
  char byte = 0;
  for (auto wanted = mix(round) % 4; wanted > 0; --wanted)
    EXPECT_EQ(::read(ends[0], &byte, 1), 1);
  for (auto turns = mix(round + 1000) % 60; turns > 0; --turns)
    ::sched_yield();
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(ends[0]);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended with " << WEXITSTATUS(status);
}

TEST(LogRefreshKill, a_start_from_what_is_left_is_the_start_of_the_whole_log) {
  const test::TemporaryDirectory directory;
  const auto path = directory.path() / "log";
  const Encoded records = many_endpoints();
  {
    auto log = LmdbLog::open_writer(path);
    ASSERT_TRUE(log.ok()) << log.error().message;
    ASSERT_TRUE(append(*log.value(), records, records.size() / 3).ok());
  }
  std::uint64_t from_snapshots = 0;
  std::uint64_t behind = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    run_and_kill(path, records, round);
    const auto log = LmdbLog::open_reader(path);
    ASSERT_TRUE(log.ok()) << log.error().message;
    const Start found = start_of(*log.value(), true);
    const Start whole = start_of(*log.value(), false);
    ASSERT_EQ(found.digest, whole.digest);
    ASSERT_EQ(found.sequence, whole.sequence);
    ASSERT_TRUE(found.undelivered == whole.undelivered);
    if (found.from_snapshots) ++from_snapshots;
    if (found.folded > 0) ++behind;
  }
  EXPECT_GT(from_snapshots, rounds / 2) << "hardly a set was ever complete";
  EXPECT_GT(behind, 0U) << "nothing was ever cut short";
}

}  // namespace
}  // namespace understudy
