#pragma once

/// Answers to commands, read from the endpoint that handled them.

#include <optional>

#include "actors/runtime/messages.hpp"

namespace understudy {

/// Nothing when `input` is no command or was never handled by `state`.
[[nodiscard]] std::optional<CommandAnswer> answer_to(const AnyState& state,
                                                     const OutsideInput& input);

/// The id of a command; empty for every other input.
[[nodiscard]] const std::string& command_id(const OutsideInput& input);

}  // namespace understudy
