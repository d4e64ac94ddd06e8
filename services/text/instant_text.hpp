#pragma once

/// Points in time as people and files write them. The way back is
/// `to_string(Instant)`.

#include <optional>
#include <string_view>

#include "actors/core/instant.hpp"

namespace understudy {

/// What `parse_instant` takes, for messages.
inline constexpr std::string_view instant_form =
    "RFC 3339 such as 2025-10-04T00:10:00Z";

/// RFC 3339: date, `T`, time, up to six digits of a second, then `Z` or an
/// offset such as `-07:00`. Years 1970 to 9999. Nothing when `text` is
/// anything else; leap seconds are not accepted.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);

}  // namespace understudy
