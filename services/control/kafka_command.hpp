#pragma once

/// A command as a message of the commands topic, both ways.
///
/// Thread safety: functions without state.

#include <string>

#include "actors/core/result.hpp"
#include "services/codec/command_json.hpp"
#include "services/event_log/kafka_commands.hpp"

namespace understudy {

/// By `content-type`: JSON when it is missing or says so, FlatBuffers for
/// `application/vnd.understudy.command+flatbuffers`. The headers `ce_authid`
/// and `traceparent` go into the command. Errors: `invalid_input`, in one
/// line.
[[nodiscard]] Result<Command> read_kafka_command(const KafkaMessage& message);

/// The value and the headers of a message with this command, as JSON.
[[nodiscard]] std::string kafka_command_text(const Command& command);
[[nodiscard]] kafka::TextHeaders kafka_command_headers(const Command& command);

}  // namespace understudy
