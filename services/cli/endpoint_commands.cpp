#include "services/cli/endpoint_commands.hpp"

#include <algorithm>
#include <ostream>
#include <random>

#include "services/client/event_json.hpp"
#include "services/projection/wording.hpp"
#include "services/rendering/output.hpp"
#include "services/rendering/positions.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

Json command_for(const std::string& id, const std::string& endpoint) {
  Json json = Json::object();
  json["command"] = id;
  json["endpoint"] = endpoint;
  return json;
}

std::string endpoint_path(const std::string& name) {
  return "/v1/endpoints/" + percent_encoded(name);
}

}  // namespace

std::string random_command_id() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device chance;
  std::string id = "cli-";
  for (int i = 0; i < 32; ++i)
    id += digits[chance() % digits.size()];
  return id;
}

Json specifying_command(const std::string& id, const char* verb,
                        const EndpointSpec& spec) {
  Json json = command_for(id, spec.name);
  json[verb]["spec"] = to_json(spec);
  return json;
}

Json scale_command(const std::string& id, const std::string& endpoint,
                   const std::string& variant, std::uint32_t desired) {
  Json json = command_for(id, endpoint);
  json["scale"]["variant"] = variant;
  json["scale"]["desired"] = desired;
  return json;
}

Json delete_command(const std::string& id, const std::string& endpoint) {
  Json json = command_for(id, endpoint);
  json["delete"] = Json::object();
  return json;
}

Result<Json> find_endpoint_item(DaemonClient& daemon, const std::string& name) {
  const auto list = daemon.get_json(endpoint_path(name));
  if (!list) {
    if (list.error().code == ErrorCode::not_found) return Json(nullptr);
    return list.error();
  }
  const auto items = list.value().find("items");
  if (items == list.value().end() || !items->is_array() || items->empty())
    return Json(nullptr);
  return items->front();
}

Result<Json> find_specification(DaemonClient& daemon, const std::string& name) {
  const auto item = find_endpoint_item(daemon, name);
  if (!item) return item.error();
  if (item.value().is_null() ||
      text_member(item.value(), "status") == "deleted")
    return Json(nullptr);
  const auto spec = daemon.get_json(endpoint_path(name) + "/specification");
  if (spec) return spec;
  if (spec.error().code == ErrorCode::not_found) return Json(nullptr);
  return spec.error();
}

Result<std::string> parse_endpoint_name(const std::string& text) {
  constexpr std::string_view kind = "endpoint/";
  const std::string name =
      text.starts_with(kind) ? text.substr(kind.size()) : text;
  if (valid_name(name)) return name;
  return Error{ErrorCode::invalid_input,
               in_quotes(text) +
                   " is no endpoint's name; accepted: 1 to 63 letters, digits "
                   "and inner hyphens"};
}

std::optional<std::uint64_t> position_of(const Json& answer) {
  return parse_position(text_member(answer, "position"));
}

void write_dry_run(std::ostream& out, const Json& answer) {
  const auto events = answer.find("events");
  if (events == answer.end() || !events->is_array()) return;
  std::size_t width = 0;
  for (const Json& one : *events)
    width = std::max(width, text_member(one, "type").size());
  for (const Json& one : *events) {
    std::string type = text_member(one, "type");
    const auto event = read_event_json(type, one);
    type.resize(width, ' ');
    out << "  " << type << "  " << (event ? summary(*event) : json_text(one))
        << '\n';
  }
  const std::string as_of = text_member(answer, "as_of");
  if (!as_of.empty()) out << "  (told from the log as of " << as_of << ")\n";
}

std::string text_member(const Json& json, const char* name) {
  if (!json.is_object()) return {};
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string();
}

}  // namespace understudy
