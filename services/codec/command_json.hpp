#pragma once

/// Commands as operators write them, in JSON or as FlatBuffers
/// (schemas/command.fbs):
///
///     {"command": "c-17", "endpoint": "chat",
///      "scale": {"variant": "primary", "desired": 6}}
///
/// Only the form is judged here: names, types and enum values. Whether the
/// endpoint may be so is its decider's business.

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "actors/core/result.hpp"
#include "actors/endpoint/command.hpp"
#include "actors/ports/event_log.hpp"

namespace understudy {

struct Command {
  std::string endpoint;
  std::variant<endpoint::CreateEndpoint, endpoint::UpdateEndpoint,
               endpoint::ScaleVariant, endpoint::DeleteEndpoint>
      input;
  friend bool operator==(const Command&, const Command&) = default;
};

/// Larger texts are refused unread.
constexpr std::size_t longest_command_bytes = 1024 * 1024;

/// Error: `invalid_input` in one line, that begins with `line:column:` where
/// the text cannot be read and with the field's path where it can.
///
/// Thread safety: any thread.
[[nodiscard]] Result<Command> decode_command_json(std::string_view text);

/// The same as a FlatBuffer of schemas/command.fbs, at any address.
[[nodiscard]] Result<Command> decode_command_flatbuffer(Bytes bytes);

/// Says who sent a command, and within which trace. Whoever takes commands in
/// knows that; what a command says of itself is not believed.
void attribute(Command& command, const std::string& principal,
               const std::string& traceparent);

}  // namespace understudy
