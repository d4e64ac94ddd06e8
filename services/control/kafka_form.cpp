#include "services/control/kafka_form.hpp"

#include <utility>

#include "actors/runtime/answers.hpp"
#include "services/codec/record_peek.hpp"
#include "services/projection/position_number.hpp"
#include "services/rendering/event_line.hpp"

namespace understudy {
namespace {

constexpr const char* record_type =
    "application/vnd.understudy.record+flatbuffers";

/// Attributes of a CloudEvent as headers: all but its data.
kafka::TextHeaders attributes_of(const Json& event) {
  kafka::TextHeaders headers;
  for (const auto& [name, value] : event.items()) {
    if (name == "data" || name == "datacontenttype") continue;
    headers.emplace_back("ce_" + name, value.is_string()
                                           ? value.get<std::string>()
                                           : json_text(value));
  }
  return headers;
}

KafkaForm form_of(Record& record, std::uint32_t partition,
                  const CommandWindow& window) {
  KafkaForm form;
  form.key = std::string(record.stream.endpoint_name());
  if (record.part == 0 && record.cause.sequence == 0) {
    const std::string& id = command_id(record.cause.input);
    if (!id.empty()) form.command = window.find(form.key, id);
  }
  number_record(record, partition);
  const Json event = cloud_event(record);
  form.headers = attributes_of(event);
  form.event_headers = form.headers;
  form.headers.emplace_back("content-type", record_type);
  form.event_headers.emplace_back("content-type", "application/json");
  form.event_headers.emplace_back("ce_journalposition",
                                  to_string(position_at(record.sequence)));
  form.event = json_text(event["data"]);
  return form;
}

}  // namespace

std::optional<kafka::Peeked> peek_kafka_record(Bytes bytes) {
  const auto place = peek_record(bytes);
  if (!place) return std::nullopt;
  return kafka::Peeked{place->sequence, place->epoch};
}

std::function<KafkaForm(std::uint64_t, Bytes)> make_kafka_form(
    std::uint32_t partition, const RecordCodec& codec,
    const CommandWindow& window) {
  auto record = std::make_shared<Record>();
  return [partition, &codec, &window, record](std::uint64_t, Bytes bytes) {
    // The journal encoded it a moment ago: it can be read.
    if (!codec.decode_into(bytes, *record)) return KafkaForm{};
    return form_of(*record, partition, window);
  };
}

}  // namespace understudy
