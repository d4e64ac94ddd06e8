#pragma once

/// The life of one instance: registered -> ready -> draining -> terminated,
/// or lost. Stored for ever: append fields, never reorder or remove.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "actors/core/describe.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/specification.hpp"

namespace understudy::instance {

/// I1. It was launched and is being probed until `startup_deadline`.
struct InstanceRegistered {
  static constexpr std::string_view name = "instance-registered";
  Offering offering;
  std::string variant;
  std::string pool;
  std::string provider_ref;
  std::string address;
  std::string model;
  std::uint32_t max_concurrency = 1;
  std::uint64_t price_micros_per_hour = 0;
  HealthPolicy health;
  Instant startup_deadline;
  UNDERSTUDY_FIELDS(InstanceRegistered, offering, variant, pool, provider_ref,
                    address, model, max_concurrency, price_micros_per_hour,
                    health, startup_deadline)
};

/// I1.
struct InstanceReady {
  static constexpr std::string_view name = "instance-ready";
  std::uint32_t probes = 0;     ///< Consecutive good ones.
  std::int64_t startup_ms = 0;  ///< Since it was launched.
  UNDERSTUDY_FIELDS(InstanceReady, probes, startup_ms)
};

/// I2. Never a capacity problem.
struct InstanceStartFailed {
  static constexpr std::string_view name = "instance-start-failed";
  std::string detail;
  bool timed_out = false;
  UNDERSTUDY_FIELDS(InstanceStartFailed, detail, timed_out)
};

/// I3.
struct InstanceUnhealthy {
  static constexpr std::string_view name = "instance-unhealthy";
  std::uint32_t probes = 0;  ///< Consecutive bad ones.
  std::string detail;
  UNDERSTUDY_FIELDS(InstanceUnhealthy, probes, detail)
};

/// I4. It serves until `drain_at` and is gone at `reclaim_at`.
struct ReclaimNoticed {
  static constexpr std::string_view name = "reclaim-noticed";
  Instant reclaim_at;
  Instant drain_at;
  UNDERSTUDY_FIELDS(ReclaimNoticed, reclaim_at, drain_at)
};

/// I5. No new request; what is in flight may finish until `deadline`.
struct InstanceDraining {
  static constexpr std::string_view name = "instance-draining";
  std::string reason;
  Instant deadline;
  UNDERSTUDY_FIELDS(InstanceDraining, reason, deadline)
};

/// I5. The provider is asked to end it, until it says that it is gone.
struct InstanceDrained {
  static constexpr std::string_view name = "instance-drained";
  std::uint32_t in_flight = 0;  ///< Cut off, when the deadline passed.
  bool timed_out = false;
  UNDERSTUDY_FIELDS(InstanceDrained, in_flight, timed_out)
};

struct InstanceTerminated {
  static constexpr std::string_view name = "instance-terminated";
  std::int64_t lived_ms = 0;  ///< Since it was launched: what is paid for.
  UNDERSTUDY_FIELDS(InstanceTerminated, lived_ms)
};

/// It ended without being asked to.
struct InstanceLost {
  static constexpr std::string_view name = "instance-lost";
  std::string detail;
  std::int64_t lived_ms = 0;
  UNDERSTUDY_FIELDS(InstanceLost, detail, lived_ms)
};

using Event =
    std::variant<InstanceRegistered, InstanceReady, InstanceStartFailed,
                 InstanceUnhealthy, ReclaimNoticed, InstanceDraining,
                 InstanceDrained, InstanceTerminated, InstanceLost>;

}  // namespace understudy::instance
