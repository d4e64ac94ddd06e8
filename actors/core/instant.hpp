#pragma once

/// A point in time, as a fact that somebody handed in.
///
/// Nothing in actors/ reads a clock: an `Instant` arrives with an input and
/// is recorded with the events it causes. Unit: microseconds since the Unix
/// epoch, UTC, without leap seconds.

#include <compare>
#include <cstdint>
#include <limits>
#include <string>

namespace understudy {

struct Instant {
  std::int64_t us = 0;

  /// Later than every other instant: "no deadline".
  static constexpr Instant never() {
    return {std::numeric_limits<std::int64_t>::max()};
  }

  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
};

/// `at` moved by a number of milliseconds (may be negative). Saturates.
[[nodiscard]] constexpr Instant after_ms(Instant at, std::int64_t ms) {
  constexpr std::int64_t top = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t bottom = std::numeric_limits<std::int64_t>::min();
  if (ms > top / 1000) return Instant::never();
  if (ms < bottom / 1000) return {bottom};
  const std::int64_t us = ms * 1000;
  if (us > 0 && at.us > top - us) return Instant::never();
  if (us < 0 && at.us < bottom - us) return {bottom};
  return {at.us + us};
}

/// Whole milliseconds from `from` to `to`; negative when `to` is earlier.
[[nodiscard]] constexpr std::int64_t ms_between(Instant from, Instant to) {
  return (to.us - from.us) / 1000;
}

/// RFC 3339 in UTC with milliseconds: `2025-10-04T00:10:00.000Z`.
[[nodiscard]] std::string to_string(Instant at);

}  // namespace understudy
