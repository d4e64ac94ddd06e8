#pragma once

/// Given, when, then for autoscalers: one variant of 20-slot preferred
/// instances and 8-slot fallback ones, in minutes.

#include <cstdint>
#include <utility>
#include <vector>

#include "actors/autoscaler/decider.hpp"

namespace understudy::autoscaler {

using Events = std::vector<Event>;

inline Instant minute(std::int64_t n) {
  return after_ms(Instant{1'000'000'000}, n * 60'000);
}

/// Target 70%, band 63% to 77%, one window out, three windows in.
inline ScalingPolicy policy() {
  ScalingPolicy made;
  made.enabled = true;
  made.min_count = 1;
  made.max_count = 30;
  made.targets = {{ScalingMetric::weighted_utilisation, 700}};
  made.tolerance_milli = 100;
  made.scale_out_windows = 1;
  made.scale_in_windows = 3;
  made.scale_out_cooldown_ms = 0;
  made.scale_in_cooldown_ms = 0;
  return made;
}

/// `requests` in flight, summed over `ready` instances that all report.
inline PoolLoad preferred(std::uint32_t ready, std::uint64_t requests) {
  return {"p5", ready, ready, 20, requests * 1000};
}

inline PoolLoad fallback(std::uint32_t ready, std::uint64_t requests) {
  return {"g6", ready, ready, 8, requests * 1000};
}

/// The window that ends at minute `n`; all that are ready are all wanted.
inline LoadWindow window(std::int64_t n, std::vector<PoolLoad> pools,
                         std::uint64_t queued = 0) {
  LoadWindow made;
  made.from = minute(n - 1);
  made.to = minute(n);
  for (const PoolLoad& pool : pools)
    made.desired += pool.ready;
  made.pools = std::move(pools);
  made.queued_milli = queued * 1000;
  return made;
}

struct Story {
  State state;

  explicit Story(const ScalingPolicy& given) { when(0, Configure{given}); }

  Events when(std::int64_t n, const Input& input) {
    return Decider::decide(state, input, minute(n));
  }
  /// The window is handed over when it ends.
  Events when(const LoadWindow& load) {
    return Decider::decide(state, load, load.to);
  }
};

/// The number decided, or 0 when nothing was.
inline std::uint32_t decided(const Events& events) {
  if (events.empty()) return 0;
  const auto* scaling = std::get_if<ScalingDecided>(&events.back());
  return scaling == nullptr ? 0 : scaling->desired;
}

}  // namespace understudy::autoscaler
