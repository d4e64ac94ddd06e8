#include "services/rendering/event_line.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include "services/projection/position_number.hpp"
#include "services/projection/wording.hpp"
#include "services/text/origin.hpp"

namespace understudy {
namespace {

void add(Json& json, const char* name, const std::string& text) {
  if (!text.empty()) json[name] = text;
}

/// What only commands have: an id, who sent it, and a trace.
void add_command(Json& json, const OutsideInput& input) {
  std::visit(
      [&json](const auto& value) {
        if constexpr (requires { value.command; }) {
          add(json, "command", value.command);
          add(json, "traceparent", value.traceparent);
          if (value.principal.empty()) return;
          json["authtype"] = std::string(auth_type(value.principal));
          json["authid"] = value.principal;
        }
      },
      input);
}

}  // namespace

Json cloud_event(const Record& record) {
  Json json = Json::object();
  json["specversion"] = "1.0";
  json["id"] = position_text(record.sequence);
  json["source"] = "/understudy/partitions/" +
                   std::to_string(position_at(record.sequence).partition);
  json["type"] = std::string(event_name(record.event));
  json["time"] = to_string(record.time);
  json["subject"] = record.stream.text;
  json["datacontenttype"] = "application/json";
  json["streamversion"] = std::to_string(record.version);
  json["epoch"] = record.epoch;
  if (record.part != 0) {
    json["decision"] = position_text(record.sequence - record.part);
  } else if (record.cause.sequence != 0) {
    json["causeposition"] = position_text(record.cause.sequence);
  } else {
    json["causeinput"] = std::string(input_name(record.cause.input));
    add_command(json, record.cause.input);
  }
  Json data = to_json(record.event);
  data.erase("type");
  json["data"] = std::move(data);
  return json;
}

void write_event_titles(std::ostream& out) {
  out << "POSITION   TIME                  TYPE                    STREAM"
         "                        WHAT\n";
}

void write_event_line(std::ostream& out, const Record& record) {
  const auto padded = [](std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
  };
  out << padded(position_text(record.sequence), 9) << "  "
      << time_text(record.time) << "  "
      << padded(std::string(event_name(record.event)), 22) << "  "
      << padded(visible(record.stream.text), 28) << "  "
      << visible(summary(record.event)) << '\n';
}

}  // namespace understudy
