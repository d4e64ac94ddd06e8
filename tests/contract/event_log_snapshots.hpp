#pragma once

/// Part of event_log_contract.hpp: the cache of snapshots.

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
