#include "services/control/kafka_command.hpp"

#include <variant>

#include "actors/runtime/answers.hpp"
#include "services/codec/json.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/origin.hpp"

namespace understudy {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::size_t longest_principal = 256;
constexpr std::string_view flatbuffers_type =
    "application/vnd.understudy.command+flatbuffers";

Error unreadable(std::string message) {
  return {ErrorCode::invalid_input, std::move(message)};
}

/// The written form, which `decode_command_json` reads.
Json written(const Command& command) {
  Json json = Json::object();
  std::visit([&](const auto& input) { json["command"] = input.command; },
             command.input);
  json["endpoint"] = command.endpoint;
  if (const auto* create =
          std::get_if<endpoint::CreateEndpoint>(&command.input)) {
    json["create"]["spec"] = to_json(create->spec);
  } else if (const auto* update =
                 std::get_if<endpoint::UpdateEndpoint>(&command.input)) {
    json["update"]["spec"] = to_json(update->spec);
  } else if (const auto* scale =
                 std::get_if<endpoint::ScaleVariant>(&command.input)) {
    json["scale"]["variant"] = scale->variant;
    json["scale"]["desired"] = scale->desired;
  } else {
    json["delete"] = Json::object();
  }
  return json;
}

Result<Command> decode(const KafkaMessage& message) {
  if (!message.value) {
    return unreadable("a message without a value; accepted: a command");
  }
  std::string_view type = message.header("content-type");
  type = type.substr(0, type.find(';'));
  if (type.empty() || type == json_type)
    return decode_command_json(*message.value);
  if (type == flatbuffers_type) {
    return decode_command_flatbuffer(std::as_bytes(std::span(*message.value)));
  }
  return unreadable("content-type " + in_quotes(std::string(type)) +
                    "; accepted: " + std::string(json_type) + ", " +
                    std::string(flatbuffers_type));
}

}  // namespace

Result<Command> read_kafka_command(const KafkaMessage& message) {
  auto command = decode(message);
  if (!command) return command;
  const std::string_view principal = message.header("ce_authid");
  if (principal.size() > longest_principal) {
    return unreadable("header ce_authid: " + std::to_string(principal.size()) +
                      " bytes; accepted: up to " +
                      std::to_string(longest_principal));
  }
  std::string_view trace = message.header("traceparent");
  if (!valid_traceparent(trace)) trace = {};
  // Whoever may write to the topic may say this; what binds it to a person
  // are the rights on the topic.
  attribute(command.value(), std::string(principal), std::string(trace));
  return command;
}

std::string put_aside_text(const StoppedCommand& stopped) {
  Json json = Json::object();
  json["reason"] = std::string(stream_stopped_reason);
  json["endpoint"] = stopped.endpoint;
  json["command"] = stopped.command;
  json["why"] = stopped.why;
  return json_text(json);
}

std::optional<StoppedCommand> read_put_aside(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  const auto member = [&json](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
  };
  if (!json.is_object() || member("reason") != stream_stopped_reason)
    return std::nullopt;
  return StoppedCommand{member("endpoint"), member("command"), member("why")};
}

std::string kafka_command_text(const Command& command) {
  return json_text(written(command));
}

kafka::TextHeaders kafka_command_headers(const Command& command) {
  kafka::TextHeaders headers = {{"content-type", std::string(json_type)}};
  std::visit(
      [&headers](const auto& input) {
        if constexpr (requires { input.principal; }) {
          if (!input.principal.empty())
            headers.emplace_back("ce_authid", input.principal);
          if (!input.traceparent.empty())
            headers.emplace_back("traceparent", input.traceparent);
        }
      },
      command.input);
  return headers;
}

}  // namespace understudy
