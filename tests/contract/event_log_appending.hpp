#pragma once

/// Part of event_log_contract.hpp: appending and reading back.

#include <array>

#include "tests/contract/event_log_contract.hpp"

namespace understudy::test {

TEST_P(EventLogContract, EmptyLogEndsAtOneAndVisitsNothing) {
  const auto log = writer();
  EXPECT_EQ(end_of(*log), 1U);
  EXPECT_TRUE(read_all(*log).empty());
}

TEST_P(EventLogContract, EmptyBatchChangesNothing) {
  const auto log = writer();
  EXPECT_TRUE(log->append(1, {}));
  EXPECT_EQ(end_of(*log), 1U);
}

TEST_P(EventLogContract, WhatWasAppendedIsReadBackAlignedAndInOrder) {
  const auto log = writer();
  Batch batch(1, 0);
  for (std::size_t words = 1; words <= 40; ++words) {
    batch.add(make_record(words, words));
  }
  append(*log, batch);
  EXPECT_EQ(end_of(*log), 41U);
  const auto seen = read_all(*log);
  ASSERT_EQ(seen.size(), 40U);
  for (std::size_t at = 0; at < seen.size(); ++at) {
    EXPECT_EQ(seen[at].sequence, at + 1);
    EXPECT_EQ(seen[at].bytes, batch.records[at]);
    EXPECT_TRUE(seen[at].aligned) << "record " << at + 1;
  }
}

TEST_P(EventLogContract, PositionsGrow) {
  const auto log = writer();
  append(*log, Batch(1, 3));
  append(*log, Batch(4, 3));
  const auto seen = read_all(*log);
  ASSERT_EQ(seen.size(), 6U);
  for (std::size_t at = 1; at < seen.size(); ++at) {
    EXPECT_LT(seen[at - 1].position, seen[at].position);
  }
}

TEST_P(EventLogContract, AWrongFirstSequenceIsRefusedAndNothingIsLost) {
  const auto log = writer();
  append(*log, Batch(1, 5));
  const Batch more(6, 2);
  for (const std::uint64_t first : {0U, 1U, 5U, 7U, 1000U}) {
    const auto outcome = log->append(first, more.views);
    ASSERT_FALSE(outcome) << first;
    EXPECT_EQ(outcome.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(outcome.error().message, testing::HasSubstr("accepted: 6"));
  }
  EXPECT_EQ(read_all(*log).size(), 5U);
  append(*log, more);
  EXPECT_EQ(read_all(*log).size(), 7U);
}

TEST_P(EventLogContract, ABatchWithOneBadRecordIsRefusedWhole) {
  const auto log = writer();
  append(*log, Batch(1, 2));
  for (const std::size_t size : {0U, 1U, 7U, 12U}) {
    Batch batch(3, 3);
    batch.add(std::vector<std::byte>(size));
    const auto outcome = log->append(3, batch.views);
    ASSERT_FALSE(outcome) << size;
    EXPECT_EQ(outcome.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(outcome.error().message, testing::HasSubstr("record 6"));
  }
  EXPECT_EQ(end_of(*log), 3U);
  append(*log, Batch(3, 1));
  EXPECT_EQ(read_all(*log).size(), 3U);
}

TEST_P(EventLogContract, ReadingBeginsAnywhere) {
  const auto log = writer();
  append(*log, Batch(1, 10));
  EXPECT_EQ(read_all(*log, 7).size(), 4U);
  EXPECT_EQ(read_all(*log, 7).front().sequence, 7U);
  EXPECT_EQ(read_all(*log, 10).size(), 1U);
  EXPECT_TRUE(read_all(*log, 11).empty());
  EXPECT_TRUE(read_all(*log, 5000).empty());
}

TEST_P(EventLogContract, SequenceZeroIsRefused) {
  const auto log = writer();
  append(*log, Batch(1, 1));
  const auto outcome =
      log->read(0, [](const LogRecord&) { return Visit::next; });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::invalid_input);
}

TEST_P(EventLogContract, TheVisitorStopsTheReading) {
  const auto log = writer();
  append(*log, Batch(1, 10));
  int visits = 0;
  const auto outcome = log->read(2, [&](const LogRecord& record) {
    ++visits;
    return record.sequence == 4 ? Visit::stop : Visit::next;
  });
  EXPECT_TRUE(outcome);
  EXPECT_EQ(visits, 3);
}

TEST_P(EventLogContract, ManyBatchesOfManySizesFormOneRun) {
  const auto log = writer();
  std::uint64_t next = 1;
  for (const std::size_t count : {1U, 2U, 100U, 1U, 1023U, 1024U, 1025U, 7U}) {
    append(*log, Batch(next, count));
    next += count;
  }
  const auto seen = read_all(*log);
  ASSERT_EQ(seen.size(), next - 1);
  for (std::size_t at = 0; at < seen.size(); ++at) {
    ASSERT_EQ(seen[at].sequence, at + 1);
    ASSERT_EQ(seen[at].bytes, make_record(at + 1, 4));
  }
}

TEST_P(EventLogContract, LargeRecordsAndSmallOnesMix) {
  const auto log = writer();
  Batch batch(1, 0);
  for (const std::size_t words :
       {1U, 100U, 254U, 255U, 256U, 511U, 512U, 513U, 4096U, 1U, 131072U, 2U}) {
    batch.add(make_record(words, words));
  }
  append(*log, batch);
  append(*log, Batch(13, 2));
  const auto seen = read_all(*log);
  ASSERT_EQ(seen.size(), 14U);
  for (std::size_t at = 0; at < batch.records.size(); ++at) {
    EXPECT_TRUE(seen[at].bytes == batch.records[at]) << "record " << at + 1;
    EXPECT_TRUE(seen[at].aligned) << "record " << at + 1;
  }
}

TEST_P(EventLogContract, BytesAreOpaque) {
  const auto log = writer();
  Batch batch(1, 0);
  batch.add(std::vector<std::byte>(8, std::byte{0}));
  batch.add(std::vector<std::byte>(64, std::byte{0xff}));
  batch.add(std::vector<std::byte>(8, std::byte{0}));
  append(*log, batch);
  const auto seen = read_all(*log);
  ASSERT_EQ(seen.size(), 3U);
  for (std::size_t at = 0; at < 3; ++at) {
    EXPECT_EQ(seen[at].bytes, batch.records[at]);
  }
}

TEST_P(EventLogContract, AReadingSeesOnlyWhatWasThereWhenItBegan) {
  const auto log = writer();
  append(*log, Batch(1, 3000));
  std::uint64_t visits = 0;
  const auto outcome = log->read(1, [&](const LogRecord& record) {
    ++visits;
    if (record.sequence % 500 == 1) append(*log, Batch(end_of(*log), 10));
    return Visit::next;
  });
  EXPECT_TRUE(outcome);
  EXPECT_EQ(visits, 3000U);
  EXPECT_EQ(end_of(*log), 3061U);
}

}  // namespace understudy::test
