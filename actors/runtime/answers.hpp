#pragma once

/// Answers to commands, read from the endpoint that handled them.

#include <optional>
#include <string>
#include <string_view>

#include "actors/runtime/messages.hpp"

namespace understudy {

/// Nothing when `input` is no command or was never handled by `state`.
[[nodiscard]] std::optional<CommandAnswer> answer_to(const AnyState& state,
                                                     const OutsideInput& input);

/// A reason code: the command's stream takes nothing more.
inline constexpr std::string_view stream_stopped_reason = "stream-stopped";

/// Of a command whose stream was stopped, and why it was.
[[nodiscard]] CommandAnswer stopped_answer(const StreamId& stream,
                                           const std::string& why);

/// The id of a command; empty for every other input.
[[nodiscard]] const std::string& command_id(const OutsideInput& input);

}  // namespace understudy
