#pragma once

/// What an autoscaler saw and asked for. Stored for ever: append fields,
/// never reorder or remove.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/specification.hpp"

namespace understudy::autoscaler {

struct AutoscalerConfigured {
  static constexpr std::string_view name = "autoscaler-configured";
  ScalingPolicy policy;
  UNDERSTUDY_FIELDS(AutoscalerConfigured, policy)
};

struct AutoscalerStopped {
  static constexpr std::string_view name = "autoscaler-stopped";
  UNDERSTUDY_FIELDS(AutoscalerStopped)
};

/// A1. A window outside the band, or the first one back inside it.
struct LoadObserved {
  static constexpr std::string_view name = "load-observed";
  Instant from;
  Instant to;
  std::uint32_t desired = 0;
  std::uint32_t ready = 0;
  std::uint32_t reporting = 0;
  std::uint64_t capacity = 0;  ///< Summed maximum concurrency, ready.
  std::uint64_t in_flight_milli = 0;
  std::uint64_t queued_milli = 0;
  std::uint64_t utilisation_milli = 0;  ///< Weighted, with the queue.
  std::uint32_t windows_above = 0;      ///< In a row, this one included.
  std::uint32_t windows_below = 0;
  /// Without any load; counted where the policy may scale to none.
  std::uint32_t windows_idle = 0;
  UNDERSTUDY_FIELDS(LoadObserved, from, to, desired, ready, reporting, capacity,
                    in_flight_milli, queued_milli, utilisation_milli,
                    windows_above, windows_below, windows_idle)
};

/// What one target alone would ask for.
struct Wish {
  ScalingMetric metric = ScalingMetric::weighted_utilisation;
  std::uint32_t target_milli = 0;
  std::uint64_t value_milli = 0;
  std::uint32_t desired = 0;
  UNDERSTUDY_FIELDS(Wish, metric, target_milli, value_milli, desired)
};

struct InstanceInFlight {
  InstanceId instance;
  std::uint32_t in_flight = 0;
  UNDERSTUDY_FIELDS(InstanceInFlight, instance, in_flight)
};

/// A2. With every number it used.
struct ScalingDecided {
  static constexpr std::string_view name = "scaling-decided";
  std::uint32_t from = 0;
  std::uint32_t desired = 0;
  std::vector<Wish> wishes;
  /// What bounded it: min, max, step, idle (one stays until all windows were
  /// without load), queue (one for what waits), or empty.
  std::string limit;
  /// For the choice of victims; only when scaling in.
  std::vector<InstanceInFlight> in_flight;
  UNDERSTUDY_FIELDS(ScalingDecided, from, desired, wishes, limit, in_flight)
};

using Event = std::variant<AutoscalerConfigured, AutoscalerStopped,
                           LoadObserved, ScalingDecided>;

}  // namespace understudy::autoscaler
