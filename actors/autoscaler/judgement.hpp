#pragma once

/// What one window of load says about a policy's targets, before counting,
/// cool-downs and limits. Pure; integers only, exact until the last ceiling.
///
/// README.md explains the formulas. Sums saturate far beyond any real fleet
/// (2^56 places, 2^64 thousandths of a request) instead of wrapping around.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "actors/autoscaler/command.hpp"
#include "actors/autoscaler/event.hpp"
#include "actors/core/specification.hpp"

namespace understudy::autoscaler {

/// A window, summed over its pools.
struct Totals {
  std::uint32_t ready = 0;
  std::uint32_t reporting = 0;
  std::uint64_t capacity = 0;  ///< Places of the ready instances.
  std::uint64_t in_flight_milli = 0;
  std::uint64_t queued_milli = 0;
  std::uint64_t utilisation_milli = 0;  ///< Too low when metering is partial.
};

enum class Verdict : std::uint8_t {
  no_data,  ///< Says nothing, in particular not that nothing is in flight.
  in_band,
  above,  ///< Above the band of at least one target.
  below,  ///< Below the band of every target.
};

struct Judgement {
  Verdict verdict = Verdict::no_data;
  Totals totals;
  std::vector<Wish> wishes;   ///< One per usable target, in their order.
  std::uint32_t desired = 0;  ///< The largest wish.
};

/// More in flight, everything else equal, never gives a smaller wish.
[[nodiscard]] Judgement judge(const ScalingPolicy& policy,
                              const LoadWindow& window);

}  // namespace understudy::autoscaler
