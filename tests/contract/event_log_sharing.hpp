#pragma once

/// Part of event_log_contract.hpp: opening again, writers and readers.

#include <atomic>
#include <thread>

#include "tests/contract/event_log_contract.hpp"

namespace understudy::test {

TEST_P(EventLogContract, OpeningAgainFindsEverything) {
  append(*writer(), Batch(1, 5));
  append(*writer(), Batch(6, 5));
  const auto log = writer();
  EXPECT_EQ(end_of(*log), 11U);
  const auto seen = read_all(*log);
  ASSERT_EQ(seen.size(), 10U);
  for (std::size_t at = 0; at < seen.size(); ++at) {
    EXPECT_EQ(seen[at].bytes, make_record(at + 1, 4));
  }
}

TEST_P(EventLogContract, TheEpochGrowsWithEachWriter) {
  std::uint32_t last = 0;
  for (int time = 0; time < 5; ++time) {
    const auto log = writer();
    EXPECT_GT(log->epoch(), last);
    last = log->epoch();
  }
  EXPECT_EQ(reader()->epoch(), last);
}

// Where the storage can refuse a second writer at once it does; where it
// fences instead, the first finds out when it appends. Never may both go on.
TEST_P(EventLogContract, TwoWritersNeverBothAppend) {
  const auto first = writer();
  append(*first, Batch(1, 1));
  auto second = log().open_writer();
  if (!second) {
    EXPECT_EQ(second.error().code, ErrorCode::already_held);
    append(*first, Batch(2, 1));
    EXPECT_EQ(read_all(*first).size(), 2U);
    return;
  }
  EXPECT_GT(second.value()->epoch(), first->epoch());
  append(*second.value(), Batch(2, 1));
  const auto late = first->append(2, Batch(2, 1).views);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::already_held);
  EXPECT_EQ(read_all(*second.value()).size(), 2U);
}

TEST_P(EventLogContract, AWriterThatEndedLeavesTheLogToTheNext) {
  auto first = writer();
  append(*first, Batch(1, 1));
  first.reset();
  const auto second = writer();
  append(*second, Batch(2, 1));
  EXPECT_EQ(read_all(*second).size(), 2U);
}

TEST_P(EventLogContract, AReaderSeesWhatTheWriterAppendsAndOutlivesIt) {
  auto log = writer();
  const auto other = reader();
  EXPECT_TRUE(read_all(*other).empty());
  append(*log, Batch(1, 3));
  EXPECT_EQ(end_of(*other), 4U);
  EXPECT_EQ(read_all(*other).size(), 3U);
  log.reset();
  EXPECT_EQ(read_all(*other).size(), 3U);
  log = writer();
  append(*log, Batch(4, 1));
  EXPECT_EQ(read_all(*other).size(), 4U);
}

TEST_P(EventLogContract, AReaderMayNotWrite) {
  append(*writer(), Batch(1, 1));
  const auto log = reader();
  const Snapshot snapshot{"stream", 1, std::vector<std::byte>(8)};
  for (const auto& outcome :
       {log->append(2, Batch(2, 1).views),
        log->put_snapshots(std::span(&snapshot, 1)),
        log->remove_snapshots(std::span(&snapshot.stream, 1)),
        log->drop_snapshots()}) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::invalid_input);
  }
  EXPECT_EQ(end_of(*log), 2U);
}

TEST_P(EventLogContract, ReadersDuringAppendsSeeWholeBatchesThatOnlyGrow) {
  constexpr std::uint64_t kBatches = 200;
  constexpr std::size_t kBatchSize = 7;
  const auto log = writer();
  std::atomic<bool> done = false;
  const auto follow = [&](const EventLog& from) {
    std::uint64_t last = 0;
    for (bool final_round = false; !final_round;) {
      final_round = done.load();
      std::uint64_t count = 0;
      const auto outcome = from.read(1, [&](const LogRecord& record) {
        EXPECT_EQ(record.sequence, ++count);
        return Visit::next;
      });
      EXPECT_TRUE(outcome);
      EXPECT_EQ(count % kBatchSize, 0U);
      EXPECT_GE(count, last);
      last = count;
    }
    EXPECT_EQ(last, kBatches * kBatchSize);
  };
  const auto other = reader();
  std::thread through_another([&] { follow(*other); });
  std::thread through_the_writer([&] { follow(*log); });
  for (std::uint64_t at = 0; at < kBatches; ++at) {
    append(*log, Batch(at * kBatchSize + 1, kBatchSize));
  }
  done = true;
  through_another.join();
  through_the_writer.join();
}

}  // namespace understudy::test
