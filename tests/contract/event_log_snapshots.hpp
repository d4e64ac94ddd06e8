#pragma once

/// Part of event_log_contract.hpp: the cache of snapshots.

#include <atomic>
#include <thread>

#include "tests/contract/event_log_contract.hpp"

namespace understudy::test {

[[nodiscard]] inline std::vector<Snapshot> snapshots_of(const EventLog& log) {
  std::vector<Snapshot> seen;
  const auto outcome = log.read_snapshots([&](const Snapshot& snapshot) {
    seen.push_back(snapshot);
    return Visit::next;
  });
  EXPECT_TRUE(outcome) << outcome.error().message;
  return seen;
}

inline void put(EventLog& log, const std::vector<Snapshot>& batch) {
  const auto outcome = log.put_snapshots(batch);
  ASSERT_TRUE(outcome) << outcome.error().message;
}

[[nodiscard]] inline Snapshot snapshot_of(const std::string& stream,
                                          std::uint64_t sequence,
                                          std::size_t words) {
  return {stream, sequence, make_record(sequence, words)};
}

TEST_P(EventLogContract, ANewLogHasNoSnapshots) {
  const auto log = writer();
  EXPECT_TRUE(snapshots_of(*log).empty());
  EXPECT_TRUE(log->put_snapshots({}));
  EXPECT_TRUE(log->drop_snapshots());
}

TEST_P(EventLogContract, SnapshotsAreVisitedInTheOrderOfTheirStreams) {
  const auto log = writer();
  append(*log, Batch(1, 9));
  put(*log, {snapshot_of("pool/b", 7, 3), snapshot_of("endpoint/a", 9, 1),
             snapshot_of("pool/a", 8, 2000), snapshot_of("pool/a/1", 6, 0),
             snapshot_of("pool/\xc3\xa4", 5, 1)});
  const auto seen = snapshots_of(*log);
  ASSERT_EQ(seen.size(), 5U);
  std::vector<std::string> streams;
  streams.reserve(seen.size());
  for (const auto& snapshot : seen)
    streams.push_back(snapshot.stream);
  EXPECT_THAT(streams, testing::ElementsAre("endpoint/a", "pool/a", "pool/a/1",
                                            "pool/b", "pool/\xc3\xa4"));
  EXPECT_EQ(seen[1].sequence, 8U);
  EXPECT_EQ(seen[1].bytes, make_record(8, 2000));
  EXPECT_TRUE(seen[2].bytes.empty());
}

TEST_P(EventLogContract, ASnapshotReplacesTheOneBefore) {
  const auto log = writer();
  put(*log, {snapshot_of("a", 1, 10), snapshot_of("b", 1, 10)});
  put(*log, {snapshot_of("a", 2, 5000)});
  put(*log, {snapshot_of("a", 3, 1), snapshot_of("a", 4, 2)});
  const auto seen = snapshots_of(*log);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].sequence, 4U);
  EXPECT_EQ(seen[0].bytes, make_record(4, 2));
  EXPECT_EQ(seen[1].sequence, 1U);
}

TEST_P(EventLogContract, DroppingSnapshotsLeavesTheRecords) {
  const auto log = writer();
  append(*log, Batch(1, 3));
  put(*log, {snapshot_of("a", 3, 10), snapshot_of("b", 3, 3000)});
  EXPECT_TRUE(log->drop_snapshots());
  EXPECT_TRUE(snapshots_of(*log).empty());
  EXPECT_EQ(read_all(*log).size(), 3U);
  put(*log, {snapshot_of("c", 3, 1)});
  EXPECT_EQ(snapshots_of(*log).size(), 1U);
}

TEST_P(EventLogContract, SnapshotsAreRemovedByStream) {
  const auto log = writer();
  EXPECT_TRUE(log->remove_snapshots({}));
  std::vector<Snapshot> all;
  std::vector<std::string> names;
  for (int at = 0; at < 500; ++at) {
    all.push_back(snapshot_of("stream/" + std::to_string(at), 1, 20));
    if (at % 5 != 0) names.push_back(all.back().stream);
  }
  put(*log, all);
  names.emplace_back("stream/that/never/was");
  names.emplace_back("");
  EXPECT_TRUE(log->remove_snapshots(names));
  EXPECT_EQ(snapshots_of(*log).size(), 100U);
  EXPECT_TRUE(log->remove_snapshots(names));
  const auto left = snapshots_of(*log);
  ASSERT_EQ(left.size(), 100U);
  EXPECT_EQ(left.front().stream, "stream/0");
  EXPECT_EQ(left.front().bytes, make_record(1, 20));
}

TEST_P(EventLogContract, OneThreadAppendsWhileAnotherKeepsSnapshots) {
  constexpr std::uint64_t kBatches = 150;
  const auto log = writer();
  std::atomic<bool> done = false;
  std::uint64_t rounds = 0;
  std::thread keeper([&] {
    while (!done.load() || rounds < 10) {
      const auto end = end_of(*log);
      std::vector<Snapshot> all;
      std::vector<std::string> names;
      for (int at = 0; at < 20; ++at) {
        all.push_back(snapshot_of("s/" + std::to_string(at), end, 100));
        names.push_back(all.back().stream);
      }
      put(*log, all);
      EXPECT_EQ(snapshots_of(*log).size(), 20U);
      EXPECT_LE(end - 1, read_all(*log).size());
      EXPECT_TRUE(log->remove_snapshots(std::span(names).first(10)));
      EXPECT_EQ(snapshots_of(*log).size(), 10U);
      ++rounds;
    }
  });
  for (std::uint64_t at = 0; at < kBatches; ++at)
    append(*log, Batch(at * 3 + 1, 3));
  done = true;
  keeper.join();
  const auto seen = read_all(*log);
  ASSERT_EQ(seen.size(), kBatches * 3);
  for (const auto& record : seen)
    ASSERT_EQ(record.bytes, make_record(record.sequence, 4));
  EXPECT_EQ(snapshots_of(*log).size(), 10U);
}

TEST_P(EventLogContract, SnapshotsAreThereForTheNextWriterAndForReaders) {
  put(*writer(), {snapshot_of("a", 1, 10)});
  EXPECT_EQ(snapshots_of(*reader()).size(), 1U);
  EXPECT_EQ(snapshots_of(*writer()).front().bytes, make_record(1, 10));
}

TEST_P(EventLogContract, TheVisitorStopsTheReadingOfSnapshots) {
  const auto log = writer();
  put(*log, {snapshot_of("a", 1, 1), snapshot_of("b", 1, 1)});
  int visits = 0;
  EXPECT_TRUE(log->read_snapshots([&](const Snapshot&) {
    ++visits;
    return Visit::stop;
  }));
  EXPECT_EQ(visits, 1);
}

TEST_P(EventLogContract, ASnapshotWithoutAStreamIsRefusedWithItsBatch) {
  const auto log = writer();
  const std::vector<Snapshot> batch{snapshot_of("a", 1, 1),
                                    snapshot_of("", 1, 1)};
  const auto outcome = log->put_snapshots(batch);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::invalid_input);
  EXPECT_TRUE(snapshots_of(*log).empty());
}

}  // namespace understudy::test
