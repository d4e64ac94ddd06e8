#pragma once

/// A command as a message of the commands topic, both ways.
///
/// Thread safety: functions without state.

#include <optional>
#include <string>
#include <string_view>

#include "actors/core/result.hpp"
#include "services/codec/command_json.hpp"
#include "services/event_log/kafka_commands.hpp"

namespace understudy {

/// By `content-type`: JSON when it is missing or says so, FlatBuffers for
/// `application/vnd.understudy.command+flatbuffers`. The headers `ce_authid`
/// and `traceparent` go into the command. Errors: `invalid_input`, in one
/// line.
[[nodiscard]] Result<Command> read_kafka_command(const KafkaMessage& message);

/// A command that was put aside since its endpoint's stream takes nothing
/// more, told to whoever waits for its answer.
struct StoppedCommand {
  std::string endpoint;
  std::string command;
  std::string why;
};
/// As a note of the journal says it, and back; nothing when it is none.
[[nodiscard]] std::string put_aside_text(const StoppedCommand& stopped);
[[nodiscard]] std::optional<StoppedCommand> read_put_aside(
    std::string_view text);

/// The value and the headers of a message with this command, as JSON.
[[nodiscard]] std::string kafka_command_text(const Command& command);
[[nodiscard]] kafka::TextHeaders kafka_command_headers(const Command& command);

}  // namespace understudy
