#pragma once

/// What a pool decided and what its offerings answered. Stored for ever:
/// append fields, never reorder, rename or remove.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/refusal.hpp"
#include "actors/core/specification.hpp"

namespace understudy::pool {

struct PoolConfigured {
  static constexpr std::string_view name = "pool-configured";
  PoolSpec spec;
  CoolDownPolicy cool_down;
  HealthPolicy health;
  std::string model;
  std::vector<EnvironmentVariable> environment;
  UNDERSTUDY_FIELDS(PoolConfigured, spec, cool_down, health, model, environment)
};

/// A request was taken on; its launch attempts follow.
struct LaunchRequested {
  static constexpr std::string_view name = "launch-requested";
  OperationId operation;
  RequestId request;
  std::uint32_t count = 0;
  UNDERSTUDY_FIELDS(LaunchRequested, operation, request, count)
};

/// P1. The intent, durable before the provider is called. Operation, request
/// and attempt make the provider's idempotency token.
struct LaunchAttempted {
  static constexpr std::string_view name = "launch-attempted";
  OperationId operation;
  RequestId request;
  std::uint16_t attempt = 0;  ///< Counted from 1 within the request.
  Offering offering;
  std::uint32_t count = 0;
  UNDERSTUDY_FIELDS(LaunchAttempted, operation, request, attempt, offering,
                    count)
};

struct LaunchedInstance {
  InstanceId id;
  std::string provider_ref;
  std::string address;
  UNDERSTUDY_FIELDS(LaunchedInstance, id, provider_ref, address)
};

/// The provider granted `instances` for an attempt. Holds all that the
/// instance needs to know of itself.
struct InstanceLaunched {
  static constexpr std::string_view name = "instance-launched";
  OperationId operation;
  RequestId request;
  std::uint16_t attempt = 0;
  Offering offering;
  std::vector<LaunchedInstance> instances;
  std::string model;
  std::uint32_t max_concurrency = 1;
  std::uint64_t price_micros_per_hour = 0;
  HealthPolicy health;
  UNDERSTUDY_FIELDS(InstanceLaunched, operation, request, attempt, offering,
                    instances, model, max_concurrency, price_micros_per_hour,
                    health)
};

/// `count` of an attempt were refused.
struct LaunchRefused {
  static constexpr std::string_view name = "launch-refused";
  OperationId operation;
  RequestId request;
  std::uint16_t attempt = 0;
  Offering offering;
  std::uint32_t count = 0;
  RefusalKind kind = RefusalKind::none;
  std::string code;
  std::string message;
  UNDERSTUDY_FIELDS(LaunchRefused, operation, request, attempt, offering, count,
                    kind, code, message)
};

/// P5. The provider asked for patience; the same offering is asked again.
struct LaunchDeferred {
  static constexpr std::string_view name = "launch-deferred";
  RequestId request;
  std::uint16_t attempt = 0;
  Offering offering;
  Instant until;
  UNDERSTUDY_FIELDS(LaunchDeferred, request, attempt, offering, until)
};

/// P6. No answer: the provider's list is asked before anything else.
struct LaunchUnconfirmed {
  static constexpr std::string_view name = "launch-unconfirmed";
  RequestId request;
  std::uint16_t attempt = 0;
  Offering offering;
  std::string message;
  UNDERSTUDY_FIELDS(LaunchUnconfirmed, request, attempt, offering, message)
};

/// `count` of a request are no longer asked for.
struct LaunchWithdrawn {
  static constexpr std::string_view name = "launch-withdrawn";
  RequestId request;
  std::uint32_t count = 0;
  UNDERSTUDY_FIELDS(LaunchWithdrawn, request, count)
};

/// P2, P3, P4. `count` of a request cannot be had here now; one refusal for
/// each offering of the pool. Ends the request.
struct CapacityDenied {
  static constexpr std::string_view name = "capacity-denied";
  OperationId operation;
  RequestId request;
  std::uint32_t count = 0;
  std::vector<OfferingRefusal> refusals;
  Instant reopens_at;  ///< Earliest offering; 0 when none is cooling down.
  UNDERSTUDY_FIELDS(CapacityDenied, operation, request, count, refusals,
                    reopens_at)
};

/// P2. The `level`-th refusal in a row of this offering.
struct PoolCooledDown {
  static constexpr std::string_view name = "pool-cooled-down";
  Offering offering;
  Instant until;
  std::uint32_t level = 0;
  UNDERSTUDY_FIELDS(PoolCooledDown, offering, until, level)
};

/// P7. The cool-down is over; the launch budget is one probe.
struct PoolReopened {
  static constexpr std::string_view name = "pool-reopened";
  Offering offering;
  UNDERSTUDY_FIELDS(PoolReopened, offering)
};

/// An instance that nobody asked for any more is given back.
struct OrphanReturned {
  static constexpr std::string_view name = "orphan-returned";
  RequestId request;
  std::uint16_t attempt = 0;
  std::string provider_ref;
  UNDERSTUDY_FIELDS(OrphanReturned, request, attempt, provider_ref)
};

struct OrphanReleased {
  static constexpr std::string_view name = "orphan-released";
  std::string provider_ref;
  UNDERSTUDY_FIELDS(OrphanReleased, provider_ref)
};

using Event =
    std::variant<PoolConfigured, LaunchRequested, LaunchAttempted,
                 InstanceLaunched, LaunchRefused, LaunchDeferred,
                 LaunchUnconfirmed, LaunchWithdrawn, CapacityDenied,
                 PoolCooledDown, PoolReopened, OrphanReturned, OrphanReleased>;

}  // namespace understudy::pool
