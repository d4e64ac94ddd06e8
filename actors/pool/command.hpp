#pragma once

/// What a pool is told: its specification and requests by the endpoint, and
/// outcomes of its launch calls by the provider.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/core/decider.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/refusal.hpp"
#include "actors/core/specification.hpp"

namespace understudy::pool {

/// From the endpoint: what this pool is. `model` is already resolved.
struct Configure {
  static constexpr std::string_view name = "configure";
  PoolSpec spec;
  CoolDownPolicy cool_down;
  HealthPolicy health;
  std::string model;
  std::vector<EnvironmentVariable> environment;
  UNDERSTUDY_FIELDS(Configure, spec, cool_down, health, model, environment)
};

/// From the endpoint: get `count` instances.
struct Request {
  static constexpr std::string_view name = "request";
  OperationId operation;
  RequestId request;
  std::uint32_t count = 0;
  UNDERSTUDY_FIELDS(Request, operation, request, count)
};

/// From the endpoint: `count` of a request are no longer wanted.
struct Cancel {
  static constexpr std::string_view name = "cancel";
  RequestId request;
  std::uint32_t count = 0;
  UNDERSTUDY_FIELDS(Cancel, request, count)
};

/// An instance as the provider names it.
struct Grant {
  std::string provider_ref;
  std::string address;  ///< `host:port`.
  UNDERSTUDY_FIELDS(Grant, provider_ref, address)
};

/// From the provider: the answer to one launch call. `kind` says why
/// `refused` of the instances asked for were not granted; with throttled or
/// unknown nothing was granted and nothing is known to be refused.
struct LaunchOutcome {
  static constexpr std::string_view name = "launch-outcome";
  RequestId request;
  std::uint16_t attempt = 0;
  std::vector<Grant> granted;
  std::uint32_t refused = 0;
  RefusalKind kind = RefusalKind::none;
  std::string code;
  std::string message;
  std::uint32_t retry_after_ms = 0;  ///< With throttled.
  UNDERSTUDY_FIELDS(LaunchOutcome, request, attempt, granted, refused, kind,
                    code, message, retry_after_ms)
};

/// P6. From the provider: what its list holds for an unanswered call.
struct Reconciled {
  static constexpr std::string_view name = "reconciled";
  RequestId request;
  std::uint16_t attempt = 0;
  std::vector<Grant> found;
  UNDERSTUDY_FIELDS(Reconciled, request, attempt, found)
};

/// From the sweep of the provider's list: an instance of this pool that no
/// stream knows, or that its stream says is gone.
struct OrphanFound {
  static constexpr std::string_view name = "orphan-found";
  RequestId request;
  std::uint16_t attempt = 0;
  std::string provider_ref;
  UNDERSTUDY_FIELDS(OrphanFound, request, attempt, provider_ref)
};

/// From the provider: an instance given back is gone.
struct OrphanGone {
  static constexpr std::string_view name = "orphan-gone";
  std::string provider_ref;
  UNDERSTUDY_FIELDS(OrphanGone, provider_ref)
};

using Input =
    std::variant<Configure, Request, Cancel, LaunchOutcome, Reconciled,
                 OrphanFound, OrphanGone, DeadlineReached>;

}  // namespace understudy::pool
