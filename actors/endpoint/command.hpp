#pragma once

/// What an endpoint is told: commands of operators, news from its pools and
/// instances, wishes of its autoscaler, and its own deadline.
///
/// A command carries an id; the same id again is answered alike and changes
/// nothing. Who sent it and its trace context are carried along for those who
/// read the log; no decision depends on them. Everything else is idempotent by
/// the ids it names.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/core/decider.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/refusal.hpp"
#include "actors/core/specification.hpp"

namespace understudy::endpoint {

/// Requests in flight on one instance when a decision was taken.
struct InFlight {
  InstanceId instance;
  std::uint32_t count = 0;
  UNDERSTUDY_FIELDS(InFlight, instance, count)
};

struct CreateEndpoint {
  static constexpr std::string_view name = "create-endpoint";
  std::string command;
  EndpointSpec spec;
  std::string principal{};    ///< Who sent it; empty: unknown.
  std::string traceparent{};  ///< W3C trace context; empty: none.
  UNDERSTUDY_FIELDS(CreateEndpoint, command, spec, principal, traceparent)
};

/// Replaces the specification of an endpoint in service. Pools may come, and
/// go when they hold nothing; what an instance runs may not change.
struct UpdateEndpoint {
  static constexpr std::string_view name = "update-endpoint";
  std::string command;
  EndpointSpec spec;
  std::string principal{};
  std::string traceparent{};
  UNDERSTUDY_FIELDS(UpdateEndpoint, command, spec, principal, traceparent)
};

/// Sets the wanted number of instances of one variant.
struct ScaleVariant {
  static constexpr std::string_view name = "scale-variant";
  std::string command;
  std::string variant;
  std::uint32_t desired = 0;
  std::vector<InFlight> in_flight;  ///< Metered when the command came in.
  std::string principal{};
  std::string traceparent{};
  UNDERSTUDY_FIELDS(ScaleVariant, command, variant, desired, in_flight,
                    principal, traceparent)
};

struct DeleteEndpoint {
  static constexpr std::string_view name = "delete-endpoint";
  std::string command;
  std::string principal{};
  std::string traceparent{};
  UNDERSTUDY_FIELDS(DeleteEndpoint, command, principal, traceparent)
};

/// From a pool: instances were launched.
struct LaunchGranted {
  static constexpr std::string_view name = "launch-granted";
  OperationId operation;
  RequestId request;
  std::string variant;
  std::string pool;
  std::vector<InstanceId> instances;
  UNDERSTUDY_FIELDS(LaunchGranted, operation, request, variant, pool, instances)
};

/// From a pool: `count` of a request cannot be had there now.
struct LaunchDenied {
  static constexpr std::string_view name = "launch-denied";
  OperationId operation;
  RequestId request;
  std::string variant;
  std::string pool;
  std::uint32_t count = 0;
  std::vector<OfferingRefusal> refusals;
  Instant reopens_at;  ///< Earliest offering; 0 when none is cooling down.
  UNDERSTUDY_FIELDS(LaunchDenied, operation, request, variant, pool, count,
                    refusals, reopens_at)
};

/// From a pool: an offering may be asked again.
struct PoolOpened {
  static constexpr std::string_view name = "pool-opened";
  std::string variant;
  std::string pool;
  UNDERSTUDY_FIELDS(PoolOpened, variant, pool)
};

enum class InstanceChange : std::uint8_t {
  ready,
  start_failed,
  unhealthy,
  lost,
  reclaim_noticed,
  terminated,
};

constexpr std::array<std::string_view, 6> names_of(InstanceChange) {
  return {"ready", "start-failed",    "unhealthy",
          "lost",  "reclaim-noticed", "terminated"};
}

/// From an instance: its state changed.
struct InstanceChanged {
  static constexpr std::string_view name = "instance-changed";
  InstanceId instance;
  InstanceChange change = InstanceChange::ready;
  std::string detail;
  UNDERSTUDY_FIELDS(InstanceChanged, instance, change, detail)
};

/// From the autoscaler: how many instances the load asks for.
struct DesiredDecided {
  static constexpr std::string_view name = "desired-decided";
  std::string variant;
  std::uint32_t desired = 0;
  std::vector<InFlight> in_flight;
  UNDERSTUDY_FIELDS(DesiredDecided, variant, desired, in_flight)
};

using Input =
    std::variant<CreateEndpoint, UpdateEndpoint, ScaleVariant, DeleteEndpoint,
                 LaunchGranted, LaunchDenied, PoolOpened, InstanceChanged,
                 DesiredDecided, DeadlineReached>;

}  // namespace understudy::endpoint
