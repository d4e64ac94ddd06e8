#include <memory>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "services/codec/record_codec.hpp"
#include "services/codec/record_peek.hpp"
#include "tests/unit/codec/any_record.hpp"

namespace understudy {
namespace {

using testing::any;
using testing::any_record;

std::vector<std::byte> encoded(const RecordCodec& codec, const Record& record) {
  std::vector<std::byte> bytes;
  codec.encode(record, bytes);
  return bytes;
}

RC_GTEST_PROP(RecordCodec, GivesBackWhatItTook, ()) {
  const auto codec = make_record_codec();
  const Record record = *any_record();
  const auto bytes = encoded(*codec, record);
  RC_ASSERT(bytes.size() % 8 == 0U);
  const auto decoded = codec->decode(bytes);
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == record));
  RC_ASSERT(encoded(*codec, decoded.value()) == bytes);
}

template <class Variant, class Check>
void with_each_alternative(Check check) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (check(*any<std::variant_alternative_t<i, Variant>>()), ...);
  }
  (std::make_index_sequence<std::variant_size_v<Variant>>{});
}

/// Not left to chance: each kind of event and of input, every time.
RC_GTEST_PROP(RecordCodec, GivesBackEveryEventAndInput, ()) {
  const auto codec = make_record_codec();
  Record record = *any_record();
  with_each_alternative<AnyEvent>([&](auto event) {
    record.event = std::move(event);
    RC_ASSERT((codec->decode(encoded(*codec, record)).value() == record));
  });
  record.part = 0;
  record.cause.sequence = 0;
  with_each_alternative<OutsideInput>([&](auto input) {
    record.cause.input = std::move(input);
    RC_ASSERT((codec->decode(encoded(*codec, record)).value() == record));
  });
}

/// Whatever the record held before, nothing of it stays.
RC_GTEST_PROP(RecordCodec, DecodesIntoAUsedRecord, ()) {
  const auto codec = make_record_codec();
  const Record record = *any_record();
  Record reused = *any_record();
  const auto bytes = encoded(*codec, record);
  RC_ASSERT(codec->decode_into(bytes, reused).ok());
  RC_ASSERT((reused == record));
}

RC_GTEST_PROP(RecordCodec, AppendsAndForgetsEarlierRecords, ()) {
  const auto used = make_record_codec();
  const Record first = *any_record();
  const Record second = *any_record();
  std::vector<std::byte> bytes;
  used->encode(first, bytes);
  const auto middle = static_cast<std::ptrdiff_t>(bytes.size());
  used->encode(second, bytes);
  const auto fresh = make_record_codec();
  const std::vector<std::byte> tail(bytes.begin() + middle, bytes.end());
  RC_ASSERT(tail == encoded(*fresh, second));
}

RC_GTEST_PROP(RecordCodec, RefusesEveryBitFlip, ()) {
  const auto codec = make_record_codec();
  auto bytes = encoded(*codec, *any_record());
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] ^= std::byte{1} << *rc::gen::inRange(0, 8);
  const auto decoded = codec->decode(bytes);
  RC_ASSERT_FALSE(decoded.ok());
  RC_ASSERT((decoded.error().code == ErrorCode::corrupt));
}

RC_GTEST_PROP(RecordCodec, RefusesEveryCut, ()) {
  const auto codec = make_record_codec();
  auto bytes = encoded(*codec, *any_record());
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size()));
  RC_ASSERT_FALSE(codec->decode(bytes).ok());
}

RC_GTEST_PROP(RecordCodec, ReadsAtAnyAddress, ()) {
  const auto codec = make_record_codec();
  const Record record = *any_record();
  std::vector<std::byte> bytes(*rc::gen::inRange<std::size_t>(1, 8));
  const std::size_t shift = bytes.size();
  codec->encode(record, bytes);
  const auto decoded = codec->decode(Bytes(bytes).subspan(shift));
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == record));
}

RC_GTEST_PROP(RecordProperty, a_peek_sees_sequence_and_epoch, ()) {
  const auto codec = make_record_codec();
  const Record record = *understudy::testing::any_record();
  std::vector<std::byte> bytes;
  codec->encode(record, bytes);
  const auto place = peek_record(bytes);
  RC_ASSERT(place.has_value() == (record.sequence != 0 && record.epoch != 0));
  if (!place) return;
  RC_ASSERT(place->sequence == record.sequence);
  RC_ASSERT(place->epoch == record.epoch);
}

RC_GTEST_PROP(RecordProperty, a_peek_at_anything_reads_no_byte_beyond, ()) {
  const auto codec = make_record_codec();
  std::vector<std::byte> bytes;
  codec->encode(*understudy::testing::any_record(), bytes);
  const auto hits = *rc::gen::inRange(1, 20);
  for (int hit = 0; hit < hits; ++hit) {
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = static_cast<std::byte>(*rc::gen::arbitrary<std::uint8_t>());
  }
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  // On the heap and as long as it says: a sanitizer sees what goes beyond.
  const std::vector<std::byte> exact(bytes);
  (void)peek_record(exact);
}

}  // namespace
}  // namespace understudy
