#pragma once

/// What an autoscaler remembers of its own events.
///
/// Thread safety: none needed; a state belongs to one actor.

#include <cstdint>
#include <optional>

#include "actors/core/describe.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/specification.hpp"

namespace understudy::autoscaler {

struct State {
  bool configured = false;
  bool stopped = false;  ///< Until it is configured again.
  ScalingPolicy policy;
  /// `to` of the last window that left a trace: that one and every earlier
  /// one are stale. Windows that leave none are not remembered.
  std::optional<Instant> seen_to;
  // Windows in a row on the wrong side of the target; at most one of the two
  // is above zero, and neither exceeds the number that its direction needs.
  std::uint32_t windows_above = 0;
  std::uint32_t windows_below = 0;
  // For the cool-downs.
  std::optional<Instant> scaled_at;  ///< In any direction.
  std::optional<Instant> scaled_out_at;
  /// Of `windows_below`, the last ones in a row that were without any load.
  std::uint32_t windows_idle = 0;
  UNDERSTUDY_FIELDS(State, configured, stopped, policy, seen_to, windows_above,
                    windows_below, scaled_at, scaled_out_at, windows_idle)
};

}  // namespace understudy::autoscaler
