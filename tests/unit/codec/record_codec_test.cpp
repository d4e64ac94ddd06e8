/// What the codec of records refuses, and in which words.

#include "services/codec/record_codec.hpp"

#include <cstring>
#include <functional>

#include <gtest/gtest.h>

#include "record_generated.h"
#include "services/codec/frame.hpp"

namespace understudy {
namespace {

using BytesOut = std::vector<std::byte>;
using Fbb = flatbuffers::FlatBufferBuilder;

Record example() {
  Record record;
  record.stream = StreamId::endpoint("chat");
  record.event = endpoint::InstanceReleased{InstanceId::make({12}, 1, 0)};
  return record;
}

BytesOut encoded(const Record& record) {
  BytesOut bytes;
  make_record_codec()->encode(record, bytes);
  return bytes;
}

BytesOut framed(const Fbb& builder) {
  BytesOut out;
  const auto* start =
      reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
  codec::append_frame({start, builder.GetSize()}, out);
  return out;
}

/// A record as a forger or a later build might write it.
BytesOut forged(const std::function<void(Fbb&, fb::RecordBuilder&)>& fill,
                std::uint16_t parts = 1) {
  Fbb builder;
  const auto stream = builder.CreateString("endpoint/chat");
  fb::RecordBuilder table(builder);
  table.add_stream(stream);
  table.add_parts(parts);
  fill(builder, table);
  fb::FinishRecordBuffer(builder, table.Finish());
  return framed(builder);
}

/// A record in which `event` has the tag `tag`.
BytesOut with_event(
    std::uint8_t tag,
    const std::function<flatbuffers::Offset<void>(Fbb&)>& make) {
  Fbb builder;
  const auto stream = builder.CreateString("endpoint/chat");
  const auto event = make(builder);
  fb::RecordBuilder table(builder);
  table.add_stream(stream);
  table.add_parts(1);
  table.add_cause_sequence(1);
  table.add_event_type(static_cast<fb::Event>(tag));
  table.add_event(event);
  fb::FinishRecordBuffer(builder, table.Finish());
  return framed(builder);
}

flatbuffers::Offset<void> deleted(Fbb& builder) {
  return fb::CreateEndpointDeleted(builder).Union();
}

std::string told(const Error& error) {
  return std::string(to_string(error.code)) + ": " + error.message;
}

std::string refusal(Bytes bytes) {
  const auto record = make_record_codec()->decode(bytes);
  return record.ok() ? "accepted" : told(record.error());
}

std::string corrupt(const std::string& message) {
  return told({ErrorCode::corrupt, message});
}

std::string too_new(const std::string& what) {
  return told({ErrorCode::too_new,
               what + " is not known to this build; a newer one wrote it"});
}

/// Sets a byte of a frame and signs it again.
BytesOut with_byte(std::size_t offset, std::uint8_t value) {
  BytesOut bytes = encoded(example());
  bytes[offset] = std::byte{value};
  const std::uint64_t checksum = codec::frame_checksum(bytes);
  std::memcpy(bytes.data(), &checksum, sizeof checksum);
  return bytes;
}

TEST(RecordCodecFrame, RefusesWhatIsTooShort) {
  EXPECT_EQ(refusal({}),
            corrupt("record of 0 bytes; expected a header of 16 at least"));
  const BytesOut bytes = encoded(example());
  EXPECT_EQ(refusal(Bytes(bytes).first(15)),
            corrupt("record of 15 bytes; expected a header of 16 at least"));
}

TEST(RecordCodecFrame, SaysBothChecksums) {
  BytesOut bytes = encoded(example());
  bytes[0] ^= std::byte{1};
  const auto message = refusal(bytes);
  EXPECT_EQ(message.size(), corrupt("checksum 0123456789abcdef found; expected "
                                    "0123456789abcdef")
                                .size());
  EXPECT_EQ(message.find(corrupt("checksum ")), 0U);
}

TEST(RecordCodecFrame, RefusesAnotherHeader) {
  EXPECT_EQ(refusal(with_byte(8, 0)),
            corrupt("not a record; expected byte 55 at offset 8"));
  EXPECT_EQ(refusal(with_byte(9, 2)), too_new("record format 2"));
  EXPECT_EQ(refusal(with_byte(10, 4)), too_new("record flags 4"));
  EXPECT_EQ(refusal(with_byte(9, 0)).find(corrupt("header says format 0")), 0U);
  EXPECT_EQ(refusal(with_byte(12, 1)).find(corrupt("header says format 1, 1 ")),
            0U);
  EXPECT_EQ(refusal(with_byte(15, 255)).find(corrupt("header says")), 0U);
}

TEST(RecordCodecFrame, RefusesPaddingThatIsNotZero) {
  BytesOut bytes(24);
  bytes[8] = codec::frame_magic;
  bytes[9] = std::byte{codec::frame_format};
  bytes[12] = std::byte{4};
  bytes[23] = std::byte{1};
  const std::uint64_t checksum = codec::frame_checksum(bytes);
  std::memcpy(bytes.data(), &checksum, sizeof checksum);
  EXPECT_EQ(refusal(bytes), corrupt("header says format 1, 4 bytes of content; "
                                    "found 24 bytes in all"));
}

TEST(RecordCodecContent, RefusesWhatIsNoRecord) {
  const auto structure =
      corrupt("structure does not hold; expected a FlatBuffer of record.fbs");
  BytesOut out;
  codec::append_frame({}, out);
  EXPECT_EQ(refusal(out), structure);
  BytesOut junk;
  codec::append_frame(BytesOut(64, std::byte{0xff}), junk);
  EXPECT_EQ(refusal(junk), structure);
  Fbb other;
  other.Finish(fb::CreateEndpointDeleted(other), "USNP");
  EXPECT_EQ(refusal(framed(other)), structure);
}

TEST(RecordCodecContent, NamesAnUnknownEvent) {
  EXPECT_EQ(refusal(with_event(200, deleted)), too_new("event tag 200"));
}

TEST(RecordCodecContent, RefusesHalfAnEvent) {
  const auto nothing = [](Fbb&) { return flatbuffers::Offset<void>(); };
  EXPECT_EQ(refusal(with_event(1, nothing)),
            corrupt("event has tag 1 but no value"));
  EXPECT_EQ(refusal(with_event(0, nothing)),
            corrupt("no event; expected one in each record"));
  EXPECT_EQ(refusal(with_event(0, deleted)),
            corrupt("event has a value but no tag"));
}

TEST(RecordCodecContent, NamesAnUnknownEnumValue) {
  const auto bytes = with_event(
      static_cast<std::uint8_t>(fb::Event::DrainRequested), [](Fbb& builder) {
        fb::DrainRequestedBuilder table(builder);
        table.add_reason(static_cast<fb::DrainReason>(200));
        return table.Finish().Union();
      });
  EXPECT_EQ(refusal(bytes), too_new("reason value 200"));
}

TEST(RecordCodecContent, NamesAnUnknownInput) {
  EXPECT_EQ(refusal(forged([](Fbb&, fb::RecordBuilder& table) {
              table.add_cause_input_type(static_cast<fb::Input>(99));
            })),
            too_new("input tag 99"));
}

TEST(RecordCodecContent, WantsExactlyOneCause) {
  EXPECT_EQ(
      refusal(forged([](Fbb&, fb::RecordBuilder&) {})),
      corrupt("no cause; expected one in the first record of a decision"));
  EXPECT_EQ(refusal(forged([](Fbb&, fb::RecordBuilder& table) {
              table.add_cause_sequence(4);
              table.add_cause_input_type(fb::Input::DeadlineReached);
            })),
            corrupt("an input beside another cause; expected one cause"));
}

TEST(RecordCodecContent, WantsAPartBelowTheParts) {
  EXPECT_EQ(refusal(forged([](Fbb&, fb::RecordBuilder&) {}, 0)),
            corrupt("part 0 of 0; expected a part below the number of parts"));
}

/// What a later build appended to a table is left out, not refused.
TEST(RecordCodecContent, LeavesOutAFieldThatItDoesNotKnow) {
  const auto bytes = with_event(
      static_cast<std::uint8_t>(fb::Event::InstanceReleased), [](Fbb& builder) {
        const auto start = builder.StartTable();
        builder.AddElement<std::uint64_t>(4, 12);
        builder.AddElement<std::uint64_t>(6, 13);
        return flatbuffers::Offset<void>(builder.EndTable(start));
      });
  const auto record = make_record_codec()->decode(bytes);
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record.value().event,
            AnyEvent(endpoint::InstanceReleased{InstanceId{12}}));
}

TEST(RecordCodecStream, IsToldOfARecordThatIsTooNew) {
  const auto codec = make_record_codec();
  const auto stream = codec->stream_of(with_event(200, deleted));
  ASSERT_TRUE(stream.ok()) << stream.error().message;
  EXPECT_EQ(stream.value(), StreamId::endpoint("chat"));
}

TEST(RecordCodecStream, IsNotToldOfOtherBytes) {
  const auto codec = make_record_codec();
  EXPECT_EQ(codec->stream_of({}).error().code, ErrorCode::corrupt);
  EXPECT_EQ(codec->stream_of(with_byte(9, 2)).error().code, ErrorCode::too_new);
  Record record = example();
  record.stream.text = "nobody/chat";
  EXPECT_EQ(told(codec->stream_of(encoded(record)).error()),
            corrupt("stream 'nobody/chat'; expected endpoint/E, pool/E/V/P, "
                    "instance/E/I or autoscaler/E/V"));
}

}  // namespace
}  // namespace understudy
