// A log with an event that this build does not know.

#include <cstring>

#include <gtest/gtest.h>

#include "record_generated.h"
#include "services/codec/frame.hpp"
#include "tests/support/memory_log.hpp"
#include "tests/support/rig.hpp"

namespace understudy {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

/// The record with an event of tag 200, as a later build might write it.
std::vector<std::byte> from_the_future(std::vector<std::byte> bytes) {
  auto* content = bytes.data() + codec::frame_header_size;
  const auto* record = flatbuffers::GetRoot<flatbuffers::Table>(content);
  const auto place = record->GetOptionalFieldOffset(fb::Record::VT_EVENT_TYPE);
  const auto* start = reinterpret_cast<const std::byte*>(record);
  content[start - content + place] = std::byte{200};
  const std::uint64_t sum = codec::frame_checksum(bytes);
  std::memcpy(bytes.data(), &sum, sizeof sum);
  return bytes;
}

TEST(NewerRecord, stops_its_stream_alone_and_says_why) {
  const StreamId old_one = StreamId::endpoint("old");
  const StreamId new_one = StreamId::endpoint("new");
  MemoryLog log;
  {
    Rig rig(log);
    ASSERT_TRUE(rig.open().ok());
    rig.start();
    rig.submit(old_one, endpoint::CreateEndpoint{"c1", three_pools("old", 1)});
    rig.submit(new_one, endpoint::CreateEndpoint{"c2", three_pools("new", 1)});
    rig.run_for(hour_ms);
    rig.partition->stop();
  }
  std::uint64_t last_of_new = 0;
  const auto codec = make_record_codec();
  const auto records = records_of(log, *codec);
  for (const auto& record : records) {
    if (record.stream == new_one) last_of_new = record.sequence;
  }
  log.replace(last_of_new, from_the_future(log.all()[last_of_new - 1]));

  Rig rig(log);
  ASSERT_TRUE(rig.open(held_after(records)).ok());
  ASSERT_EQ(rig.partition->stopped_streams().size(), 1U);
  const auto& stopped = rig.partition->stopped_streams()[0];
  EXPECT_EQ(stopped.stream, new_one);
  EXPECT_EQ(stopped.position.offset, last_of_new);
  EXPECT_NE(stopped.reason.find("200"), std::string::npos) << stopped.reason;

  rig.start();
  const auto before = log.all().size();
  rig.submit(new_one, endpoint::DeleteEndpoint{"d2"});
  EXPECT_EQ(log.all().size(), before);
  ASSERT_EQ(rig.refused.size(), 1U);
  EXPECT_EQ(rig.refused[0], new_one);

  rig.submit(old_one, endpoint::DeleteEndpoint{"d1"});
  rig.run_for(hour_ms);
  EXPECT_EQ(rig.capacity.held({"gpu", "zone-b", Market::spot}), 1U);
  rig.partition->stop();
}

TEST(NewerRecord, a_damaged_record_stops_the_partition_and_says_where) {
  MemoryLog log;
  {
    Rig rig(log);
    ASSERT_TRUE(rig.open().ok());
    rig.start();
    rig.submit(StreamId::endpoint("chat"),
               endpoint::CreateEndpoint{"c1", three_pools("chat", 1)});
    rig.partition->stop();
  }
  auto bytes = log.all()[2];
  bytes[bytes.size() / 2] ^= std::byte{4};
  log.replace(3, bytes);
  Rig rig(log);
  const auto opened = rig.open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
  EXPECT_EQ(opened.error().message.rfind("0:3: ", 0), 0U)
      << opened.error().message;
}

}  // namespace
}  // namespace understudy
