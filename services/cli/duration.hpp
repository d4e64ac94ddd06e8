#pragma once

/// Spans of time as users write them.

#include <chrono>
#include <string>
#include <string_view>

#include "actors/core/result.hpp"

namespace understudy {

/// `30s`, `10m`, `1h30m`, `500ms`: whole numbers with the units d, h, m, s,
/// ms, at most a year in all. Errors: `invalid_input`; `option` is named in
/// the message.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(
    std::string_view option, const std::string& text);

}  // namespace understudy
