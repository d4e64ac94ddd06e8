#pragma once

/// The head of an HTTP/1.x request, read by the letter of RFC 9112.
///
/// HTTP libraries read leniently: they pass over lines that they do not
/// understand, take the first of two lengths, leave broken escapes as they
/// are. What two readers understand differently is how requests are smuggled.
///
/// Thread safety: functions without state.

#include <cstddef>
#include <optional>
#include <string_view>

#include "services/api/message.hpp"
#include "services/api/problem.hpp"

namespace understudy {

constexpr std::size_t longest_head_bytes = 16'384;
constexpr std::size_t longest_line_bytes = 8'000;
constexpr std::size_t most_headers = 100;

/// Reads `head`, which ends with its empty line. Nothing when it is good.
[[nodiscard]] std::optional<Problem> parse_head(std::string_view head,
                                                ApiCall& call);

/// Reads path and query alone. Nothing when they are good.
[[nodiscard]] std::optional<Problem> parse_target(std::string_view target,
                                                  ApiCall& call);

}  // namespace understudy
