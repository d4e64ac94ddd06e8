#include "services/rendering/log_reader.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "services/codec/record_codec.hpp"
#include "services/projection/position_number.hpp"
#include "services/rendering/log_replay.hpp"
#include "services/rendering/recent_log.hpp"
#include "tests/support/memory_log.hpp"

namespace understudy {
namespace {

/// One record after the other of one stream, at these times.
std::unique_ptr<EventLog> log_of(const std::string& endpoint,
                                 const std::vector<std::int64_t>& times) {
  auto log = std::make_unique<MemoryLog>();
  const auto codec = make_record_codec();
  std::uint64_t sequence = 0;
  for (const std::int64_t time : times) {
    Record record;
    record.stream = StreamId::endpoint(endpoint);
    record.sequence = ++sequence;
    record.version = sequence;
    record.epoch = 1;
    record.time = Instant{time};
    record.event = endpoint::EndpointDeleted{};
    std::vector<std::byte> bytes;
    codec->encode(record, bytes);
    const Bytes view(bytes);
    EXPECT_TRUE(log->append(sequence, {&view, 1}).ok());
  }
  return log;
}

LogReader three_partitions() {
  LogReader::Logs logs;
  logs.push_back(log_of("a", {10, 40, 40, 70}));
  logs.push_back(log_of("b", {20, 30, 25, 60}));
  logs.push_back(log_of("c", {}));
  return LogReader::own(std::move(logs));
}

std::string read(LogReader& reader, LogPlace& place, ReplayUntil until = {},
                 std::size_t most = 100) {
  std::string text;
  const auto done = reader.scan(place, until, [&](const Record& record) {
    if (most-- == 0) return Visit::stop;
    text += to_string(position_at(record.sequence)) + ' ';
    return Visit::next;
  });
  EXPECT_TRUE(done.ok());
  return text;
}

TEST(LogReader, merges_partitions_by_time_and_keeps_the_order_of_each) {
  auto reader = three_partitions();
  auto place = reader.begin();
  EXPECT_EQ(read(reader, place), "0:1 1:1 1:2 1:3 0:2 0:3 1:4 0:4 ");
  EXPECT_EQ(to_string(place), "0:4,1:4,2:0");
  EXPECT_FALSE(reader.passed());
  EXPECT_EQ(read(reader, place), "");
}

TEST(LogReader, goes_on_where_it_stopped) {
  auto reader = three_partitions();
  for (std::size_t most = 1; most < 8; ++most) {
    auto place = reader.begin();
    std::string all;
    for (std::string some = read(reader, place, {}, most); !some.empty();
         some = read(reader, place, {}, most)) {
      all += some;
    }
    for (const std::string part : {"0", "1"}) {
      std::string own;
      for (std::size_t at = 0; at + 4 <= all.size(); at += 4) {
        if (all[at] == part[0]) own += all.substr(at + 2, 1);
      }
      EXPECT_EQ(own, "1234") << most << ": " << all;
    }
  }
}

TEST(LogReader, many_records_of_many_batches) {
  std::vector<std::int64_t> even;
  std::vector<std::int64_t> odd;
  for (std::int64_t time = 0; time < 10'000; ++time)
    (time % 2 == 0 ? even : odd).push_back(time);
  LogReader::Logs logs;
  logs.push_back(log_of("even", even));
  logs.push_back(log_of("odd", odd));
  auto reader = LogReader::own(std::move(logs));
  std::int64_t next = 0;
  const auto done = reader.scan(0, [&](const Record& record) {
    EXPECT_EQ(record.time.us, next++);
    return Visit::next;
  });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(next, 10'000);
}

TEST(LogReader, a_position_is_exact_in_its_partition_a_time_in_the_others) {
  auto reader = three_partitions();
  auto place = reader.begin();
  EXPECT_EQ(read(reader, place, {position_number(0, 2), Instant::never()}),
            "0:1 1:1 1:2 1:3 0:2 ");
  EXPECT_TRUE(reader.passed());
  place = reader.begin();
  EXPECT_EQ(read(reader, place, {UINT64_MAX, Instant{25}}), "0:1 1:1 ");
  auto from = reader.place_of(position_number(0, 2));
  ASSERT_TRUE(from.ok());
  EXPECT_EQ(read(reader, from.value()), "0:2 0:3 1:4 0:4 ");
  from = reader.place_of(position_number(0, 9));
  ASSERT_TRUE(from.ok());
  EXPECT_EQ(read(reader, from.value()), "");
}

TEST(LogReader, records_know_position_numbers) {
  auto reader = three_partitions();
  const auto found = reader.at(position_number(1, 4));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().sequence, position_number(1, 4));
  EXPECT_EQ(found.value().time, Instant{60});
  EXPECT_NE(reader.at(position_number(3, 1))
                .error()
                .message.find("accepted: partitions 0 to 2"),
            std::string::npos);
  EXPECT_NE(reader.at(position_number(1, 5))
                .error()
                .message.find("accepted: 1:1 to 1:4"),
            std::string::npos);
}

TEST(LogPlace, is_read_back_only_when_it_names_every_partition) {
  const LogPlace place{{13, 1}};
  EXPECT_EQ(to_string(place), "0:12,1:0");
  EXPECT_EQ(parse_log_place("0:12,1:0", 2), place);
  EXPECT_EQ(parse_log_place("1:0,0:12", 2), place);
  for (const char* wrong : {"", "0:12", "0:12,", "0:12,0:13", "0:12,2:0",
                            "0:12,1:0,1:0", "0:12;1:0"}) {
    EXPECT_FALSE(parse_log_place(wrong, 2)) << wrong;
  }
}

TEST(LogReplay, the_digest_of_all_is_the_one_of_a_single_partition) {
  const std::vector<std::uint64_t> one{7};
  const std::vector<std::uint64_t> two{7, 8};
  const std::vector<std::uint64_t> turned{8, 7};
  EXPECT_EQ(digest_of_all(one), 7U);
  EXPECT_NE(digest_of_all(two), digest_of_all(turned));
}

TEST(RecentLog, a_look_back_gives_the_same_records) {
  const auto log = log_of("a", {1, 2, 3, 4, 5});
  const RecentLog recent(*log);
  std::vector<std::uint64_t> seen;
  const auto done = recent.read(1, [&](const LogRecord& entry) {
    // From what is remembered into what is not.
    std::uint64_t expected = entry.sequence - (entry.sequence > 1 ? 1 : 0);
    const auto back = recent.read(expected, [&](const LogRecord& other) {
      EXPECT_EQ(other.sequence, expected++);
      return Visit::next;
    });
    EXPECT_TRUE(back.ok());
    EXPECT_EQ(expected, 6U);
    seen.push_back(entry.sequence);
    return Visit::next;
  });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace understudy
