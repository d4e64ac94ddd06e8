#pragma once

/// Offerings as users name them. Thread safety: functions without state.

#include <string>

#include "actors/core/result.hpp"
#include "actors/core/specification.hpp"

namespace understudy {

/// `TYPE/ZONE/MARKET`, also behind `offering/`. Errors: `invalid_input`.
[[nodiscard]] Result<Offering> parse_offering(const std::string& text);

/// Those of `names`, one `offering/...` a line, that `text` is most like:
/// a few, joined by commas; empty when none is like it.
[[nodiscard]] std::string close_offerings(const std::string& text,
                                          const std::string& names);

}  // namespace understudy
