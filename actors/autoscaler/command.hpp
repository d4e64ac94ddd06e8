#pragma once

/// What an autoscaler is told: its policy, and whole windows of load that
/// were metered outside.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/core/decider.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/specification.hpp"

namespace understudy::autoscaler {

/// From the endpoint: the policy to follow from now on.
struct Configure {
  static constexpr std::string_view name = "configure";
  ScalingPolicy policy;
  UNDERSTUDY_FIELDS(Configure, policy)
};

/// From the endpoint: no more scaling (failed or being deleted).
struct Stop {
  static constexpr std::string_view name = "stop";
  UNDERSTUDY_FIELDS(Stop)
};

/// Load of the ready instances of one pool, averaged over a window.
struct PoolLoad {
  std::string pool;
  std::uint32_t ready = 0;
  std::uint32_t reporting = 0;  ///< Of those, how many were metered.
  std::uint32_t max_concurrency = 1;
  std::uint64_t in_flight_milli = 0;  ///< Summed over those reporting.
  UNDERSTUDY_FIELDS(PoolLoad, pool, ready, reporting, max_concurrency,
                    in_flight_milli)
};

struct InstanceLoad {
  InstanceId instance;
  std::uint32_t in_flight = 0;
  UNDERSTUDY_FIELDS(InstanceLoad, instance, in_flight)
};

/// A1. One window of load of one variant, in thousandths of a request.
struct LoadWindow {
  static constexpr std::string_view name = "load-window";
  Instant from;
  Instant to;
  std::uint32_t desired = 0;  ///< What the endpoint wants at `to`.
  std::vector<PoolLoad> pools;
  std::uint64_t queued_milli = 0;  ///< Waiting for a free place.
  std::vector<InstanceLoad> instances;
  UNDERSTUDY_FIELDS(LoadWindow, from, to, desired, pools, queued_milli,
                    instances)
};

using Input = std::variant<Configure, Stop, LoadWindow, DeadlineReached>;

}  // namespace understudy::autoscaler
