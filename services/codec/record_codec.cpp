#include "services/codec/record_codec.hpp"

#include "record_generated.h"
#include "services/codec/frame.hpp"
#include "services/codec/table_reader.hpp"
#include "services/codec/table_writer.hpp"

namespace understudy {
namespace {

using codec::IfEmpty;
using codec::TableReader;

template <class Variant>
flatbuffers::Offset<void> write_alternative(codec::Builder& builder,
                                            const Variant& variant) {
  return std::visit(
      [&](const auto& held) {
        return flatbuffers::Offset<void>(
            codec::write_table(builder, held, IfEmpty::write));
      },
      variant);
}

void write_record(codec::Builder& builder, const Record& record) {
  const bool brings_input = record.part == 0 && record.cause.sequence == 0;
  const auto event = write_alternative(builder, record.event);
  flatbuffers::Offset<void> input;
  if (brings_input) input = write_alternative(builder, record.cause.input);
  const auto stream = builder.CreateString(record.stream.text);

  fb::RecordBuilder table(builder);
  table.add_sequence(record.sequence);
  table.add_version(record.version);
  table.add_time_us(record.time.us);
  table.add_delivered(record.delivered);
  table.add_cause_sequence(record.cause.sequence);
  table.add_epoch(record.epoch);
  table.add_stream(stream);
  table.add_event(event);
  table.add_cause_input(input);
  table.add_decider_version(record.decider_version);
  table.add_part(record.part);
  table.add_parts(record.parts);
  table.add_event_type(static_cast<fb::Event>(codec::tag_in(record.event)));
  if (brings_input) {
    table.add_cause_input_type(
        static_cast<fb::Input>(codec::tag_in(record.cause.input)));
  }
  fb::FinishRecordBuffer(builder, table.Finish());
}

/// FlatBuffers' unions are tables for every alternative that we have.
const flatbuffers::Table* as_table(const void* value) {
  return static_cast<const flatbuffers::Table*>(value);
}

void read_cause(TableReader& reader, const fb::Record& stored, Record& record) {
  record.cause.sequence = stored.cause_sequence();
  const auto tag = static_cast<std::uint8_t>(stored.cause_input_type());
  const auto* input = as_table(stored.cause_input());
  const bool brings_input = record.part == 0 && record.cause.sequence == 0;
  if (brings_input) {
    reader.read_union("input", tag, input, record.cause.input);
    if (tag == 0 && input == nullptr) {
      reader.fail(ErrorCode::corrupt,
                  "no cause; expected one in the first record of a decision");
    }
  } else if (tag != 0 || input != nullptr) {
    reader.fail(ErrorCode::corrupt,
                "an input beside another cause; expected one cause");
  } else if (!std::holds_alternative<DeadlineReached>(record.cause.input)) {
    record.cause.input = DeadlineReached{};
  }
}

void read_record(TableReader& reader, const fb::Record& stored, Record& record,
                 Causes causes) {
  const auto& stream = *stored.stream();
  record.stream.text.assign(stream.c_str(), stream.size());
  record.sequence = stored.sequence();
  record.version = stored.version();
  record.epoch = stored.epoch();
  record.time = {stored.time_us()};
  record.decider_version = stored.decider_version();
  record.part = stored.part();
  record.parts = stored.parts();
  record.delivered = stored.delivered();
  if (record.part >= record.parts) {
    reader.fail(ErrorCode::corrupt,
                "part " + std::to_string(record.part) + " of " +
                    std::to_string(record.parts) +
                    "; expected a part below the number of parts");
  }
  if (causes == Causes::read) read_cause(reader, stored, record);
  const auto tag = static_cast<std::uint8_t>(stored.event_type());
  const auto* event = as_table(stored.event());
  reader.read_union("event", tag, event, record.event);
  if (tag == 0 && event == nullptr)
    reader.fail(ErrorCode::corrupt, "no event; expected one in each record");
}

/// The verified FlatBuffer of a record.
Result<Bytes> open_record(Bytes bytes) {
  auto content = codec::open_frame(bytes);
  if (!content) return content;
  flatbuffers::Verifier verifier(
      reinterpret_cast<const std::uint8_t*>(content.value().data()),
      content.value().size());
  if (!fb::VerifyRecordBuffer(verifier)) {
    return Error{ErrorCode::corrupt,
                 "structure does not hold; expected a FlatBuffer of "
                 "record.fbs"};
  }
  return content;
}

class FlatRecordCodec final : public RecordCodec {
 public:
  void encode(const Record& record,
              std::vector<std::byte>& out) const override {
    builder_.Clear();
    write_record(builder_, record);
    const auto* start =
        reinterpret_cast<const std::byte*>(builder_.GetBufferPointer());
    codec::append_frame({start, builder_.GetSize()}, out);
  }

  using RecordCodec::decode_into;
  Result<void> decode_into(Bytes bytes, Record& record,
                           Causes causes) const override {
    thread_local std::vector<std::byte> copy;
    const auto content = open_record(codec::aligned(bytes, copy));
    if (!content) return content.error();
    TableReader reader(content.value().size());
    read_record(reader, *fb::GetRecord(content.value().data()), record, causes);
    if (!reader.ok()) return reader.take_error();
    return {};
  }

  Result<StreamId> stream_of(Bytes bytes) const override {
    std::vector<std::byte> copy;
    const auto content = open_record(codec::aligned(bytes, copy));
    if (!content) return content.error();
    const auto* record = fb::GetRecord(content.value().data());
    auto stream = StreamId::parse(record->stream()->string_view());
    if (!stream) {
      return Error{ErrorCode::corrupt,
                   "stream '" + record->stream()->str() +
                       "'; expected endpoint/E, pool/E/V/P, instance/E/I or "
                       "autoscaler/E/V"};
    }
    return *std::move(stream);
  }

 private:
  /// Kept for its memory; `Clear` leaves nothing of the last record.
  mutable codec::Builder builder_{1024};
};

}  // namespace

std::unique_ptr<RecordCodec> make_record_codec() {
  return std::make_unique<FlatRecordCodec>();
}

}  // namespace understudy
