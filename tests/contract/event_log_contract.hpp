#pragma once

/// What every adapter of `EventLog` promises, as tests.
///
/// An adapter's test file includes this header, derives from `LogUnderTest`
/// and instantiates the suite:
///
///     INSTANTIATE_TEST_SUITE_P(
///         lmdb, EventLogContract,
///         testing::Values(LogMaker{"lmdb", [] { return ...; }}),
///         testing::PrintToStringParamName());

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/ports/event_log.hpp"

namespace understudy::test {

/// One log that can be opened again and again; gone at the end.
class LogUnderTest {
 public:
  virtual ~LogUnderTest() = default;
  virtual Result<std::unique_ptr<EventLog>> open_writer() = 0;
  virtual Result<std::unique_ptr<EventLog>> open_reader() = 0;
};

/// Makes a log that does not exist yet: the first `open_writer` creates it.
struct LogMaker {
  std::string name;  ///< Letters, digits and underscores.
  std::function<std::unique_ptr<LogUnderTest>()> make;
};

inline void PrintTo(const LogMaker& maker, std::ostream* out) {
  *out << maker.name;
}

/// A record of `words` times 8 bytes that only `seed` makes.
[[nodiscard]] inline std::vector<std::byte> make_record(std::uint64_t seed,
                                                        std::size_t words) {
  std::vector<std::byte> bytes(words * 8);
  std::uint64_t state = seed + 1;
  for (std::size_t at = 0; at < words; ++at) {
    state = (state ^ (state >> 29)) * 0x9E3779B97F4A7C15U + at;
    std::memcpy(bytes.data() + at * 8, &state, 8);
  }
  return bytes;
}

/// Records that stay alive beside the views that an append takes.
struct Batch {
  std::vector<std::vector<std::byte>> records;
  std::vector<Bytes> views;

  Batch(std::uint64_t first, std::size_t count, std::size_t words = 4) {
    for (std::size_t at = 0; at < count; ++at)
      add(make_record(first + at, words));
  }
  void add(std::vector<std::byte> record) {
    records.push_back(std::move(record));
    views.emplace_back(records.back());
  }
};

/// What a visitor saw, copied.
struct Seen {
  Position position;
  std::uint64_t sequence = 0;
  std::vector<std::byte> bytes;
  bool aligned = false;
};

[[nodiscard]] inline std::vector<Seen> read_all(const EventLog& log,
                                                std::uint64_t from = 1) {
  std::vector<Seen> seen;
  const auto outcome = log.read(from, [&](const LogRecord& record) {
    seen.push_back(
        {record.position,
         record.sequence,
         {record.bytes.begin(), record.bytes.end()},
         reinterpret_cast<std::uintptr_t>(record.bytes.data()) % 8 == 0});
    return Visit::next;
  });
  EXPECT_TRUE(outcome) << outcome.error().message;
  return seen;
}

class EventLogContract : public testing::TestWithParam<LogMaker> {
 protected:
  std::unique_ptr<EventLog> writer() { return opened(log_->open_writer()); }
  std::unique_ptr<EventLog> reader() { return opened(log_->open_reader()); }
  LogUnderTest& log() { return *log_; }

  static void append(EventLog& to, const Batch& batch) {
    const auto end = to.end();
    ASSERT_TRUE(end) << end.error().message;
    const auto outcome = to.append(end.value(), batch.views);
    ASSERT_TRUE(outcome) << outcome.error().message;
  }

  static std::uint64_t end_of(const EventLog& log) {
    const auto end = log.end();
    EXPECT_TRUE(end) << end.error().message;
    return end ? end.value() : 0;
  }

 private:
  static std::unique_ptr<EventLog> opened(
      Result<std::unique_ptr<EventLog>> outcome) {
    if (outcome) return std::move(outcome).value();
    ADD_FAILURE() << outcome.error().message;
    throw std::runtime_error("no log to go on with");
  }

  std::unique_ptr<LogUnderTest> log_ = GetParam().make();
};

}  // namespace understudy::test

#include "tests/contract/event_log_appending.hpp"
#include "tests/contract/event_log_sharing.hpp"
#include "tests/contract/event_log_snapshots.hpp"
