#pragma once

/// What an instance is told: its launch by its pool, a drain by its endpoint,
/// and what was seen of it from outside.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "actors/core/decider.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/specification.hpp"

namespace understudy::instance {

/// From the pool: the provider launched it.
struct Launched {
  static constexpr std::string_view name = "launched";
  Offering offering;
  std::string variant;
  std::string pool;
  std::string provider_ref;
  std::string address;
  std::string model;
  std::uint32_t max_concurrency = 1;
  std::uint64_t price_micros_per_hour = 0;
  HealthPolicy health;
  UNDERSTUDY_FIELDS(Launched, offering, variant, pool, provider_ref, address,
                    model, max_concurrency, price_micros_per_hour, health)
};

/// From the endpoint: finish what is in flight and end.
struct Drain {
  static constexpr std::string_view name = "drain";
  std::string reason;
  UNDERSTUDY_FIELDS(Drain, reason)
};

/// From the prober: `consecutive` probes in a row were good or bad. Sent
/// when a threshold is reached, so that steady health leaves nothing in the
/// log. `failed_start` says that the container ended by itself.
struct ProbeReport {
  static constexpr std::string_view name = "probe-report";
  bool healthy = false;
  bool failed_start = false;
  std::uint32_t consecutive = 0;
  std::string detail;
  UNDERSTUDY_FIELDS(ProbeReport, healthy, failed_start, consecutive, detail)
};

/// From the provider: the instance will be taken away at `reclaim_at`.
struct ReclaimNotice {
  static constexpr std::string_view name = "reclaim-notice";
  Instant reclaim_at;
  UNDERSTUDY_FIELDS(ReclaimNotice, reclaim_at)
};

/// From the data path: nothing is in flight any more.
struct DrainFinished {
  static constexpr std::string_view name = "drain-finished";
  std::uint32_t in_flight = 0;
  UNDERSTUDY_FIELDS(DrainFinished, in_flight)
};

/// From the provider: the instance does not exist any more, after it was
/// asked to end it or by itself.
struct Gone {
  static constexpr std::string_view name = "gone";
  std::string detail;
  UNDERSTUDY_FIELDS(Gone, detail)
};

using Input = std::variant<Launched, Drain, ProbeReport, ReclaimNotice,
                           DrainFinished, Gone, DeadlineReached>;

}  // namespace understudy::instance
