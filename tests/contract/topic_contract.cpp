// The contract of the topics, as the code has it; a test compares it with
// schemas/.
//
//   topic_contract events             the messages of `events`, for
//                                     schemas/event_messages.json
//   topic_contract topics             the settings of every topic
//   topic_contract command <COMMAND   0: the code takes this command; 1: no
//   topic_contract load <FACTS        0: the code takes these load facts

#include <iostream>
#include <iterator>
#include <map>
#include <string>

#include "services/codec/command_json.hpp"
#include "services/event_log/kafka_topic_rules.hpp"
#include "services/load/load_report.hpp"
#include "services/rendering/event_line.hpp"
#include "tests/support/described_schema.hpp"
#include "tests/support/small_story.hpp"
#include "tests/unit/codec/samples.hpp"

namespace understudy {
namespace {

/// The headers and the value of an event's message: CloudEvents 1.0, binary.
Json example_of(const Record& record) {
  Json headers = Json::object();
  Json event = cloud_event(record);
  Json payload = std::move(event["data"]);
  for (const auto& [key, value] : event.items()) {
    if (key == "data") continue;
    const std::string header =
        key == "datacontenttype" ? "content-type" : "ce_" + key;
    headers[header] =
        value.is_string() ? value.get<std::string>() : value.dump();
  }
  return {{"headers", std::move(headers)}, {"payload", std::move(payload)}};
}

template <class Event>
Json message_of(const Record& record) {
  Json message;
  message["name"] = std::string(Event::name);
  message["contentType"] = "application/json";
  message["headers"] = {{"$ref", "./event_headers.json"}};
  message["payload"] = testing::object_schema<Event>();
  message["examples"] = Json::array({example_of(record)});
  return message;
}

int print_events() {
  // One of each type: from a story where it occurs there, else made up.
  std::map<std::string_view, Record> records;
  for (testing::Golden& one : testing::golden_samples()) {
    one.record.sequence = 8;
    if (one.name.starts_with("event."))
      records.emplace(event_name(one.record.event), one.record);
  }
  std::map<std::string_view, Record> told;
  const TinyRuntime story = small_story();
  for (const Record& one : story.records())
    told.emplace(event_name(one.event), one);
  for (auto& [name, record] : told)
    records[name] = record;
  Json messages = Json::object();
  using Events = codec::TagsOf<AnyEvent>::List;
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    const auto add = [&]<class Event>(const Event*) {
      messages[std::string(Event::name)] =
          message_of<Event>(records.at(Event::name));
    };
    (add(static_cast<const Events::At<i>*>(nullptr)), ...);
  }
  (std::make_index_sequence<Events::size>{});
  std::cout << json_text(messages, 1) << '\n';
  return 0;
}

int print_topics() {
  Json topics = Json::object();
  for (const TopicRule& rule : topic_rules()) {
    Json& topic = topics[std::string(rule.name)];
    topic["alike"] = rule.alike;
    for (const auto& setting : rule.settings)
      topic["settings"][std::string(setting.key)] = std::string(setting.value);
  }
  std::cout << json_text(topics, 1) << '\n';
  return 0;
}

template <class T>
int judge(const Result<T>& read) {
  if (read) return 0;
  std::cout << read.error().message << '\n';
  return 1;
}

std::string given() { return {std::istreambuf_iterator<char>(std::cin), {}}; }

}  // namespace
}  // namespace understudy

int main(int argc, char** argv) {
  const std::string what = argc == 2 ? argv[1] : "";
  if (what == "events") return understudy::print_events();
  if (what == "topics") return understudy::print_topics();
  if (what == "command")
    return understudy::judge(
        understudy::decode_command_json(understudy::given()));
  if (what == "load")
    return understudy::judge(
        understudy::parse_load_report(understudy::given()));
  std::cerr << "topic_contract: accepted: events, topics, command, load\n";
  return 2;
}
