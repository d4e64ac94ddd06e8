#pragma once

/// What an endpoint decided. Stored for ever: append fields, never reorder,
/// rename or remove; a new meaning is a new event.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/refusal.hpp"
#include "actors/core/specification.hpp"

namespace understudy::endpoint {

/// E1. The full specification, defaults filled in.
struct EndpointCreated {
  static constexpr std::string_view name = "endpoint-created";
  std::string command;
  EndpointSpec spec;
  UNDERSTUDY_FIELDS(EndpointCreated, command, spec)
};

struct EndpointUpdated {
  static constexpr std::string_view name = "endpoint-updated";
  std::string command;
  EndpointSpec spec;
  UNDERSTUDY_FIELDS(EndpointUpdated, command, spec)
};

enum class OperationKind : std::uint8_t {
  creation,
  scale_out,
  replacement,
  return_to_preferred,
};

constexpr std::array<std::string_view, 4> names_of(OperationKind) {
  return {"creation", "scale-out", "replacement", "return-to-preferred"};
}

/// An effort to get `count` more instances until `deadline`.
struct OperationOpened {
  static constexpr std::string_view name = "operation-opened";
  OperationId operation;
  OperationKind kind = OperationKind::creation;
  std::string variant;
  std::uint32_t count = 0;
  Instant deadline;
  std::vector<InstanceId> replaces;  ///< Instances it stands in for.
  std::string cause;                 ///< For people: why it was opened.
  Instant not_before;      ///< 0, or when its first request may go out.
  std::string first_pool;  ///< E9, E10: asked first. Empty: the best one.
  UNDERSTUDY_FIELDS(OperationOpened, operation, kind, variant, count, deadline,
                    replaces, cause, not_before, first_pool)
};

/// E1, E2. `count` instances are asked of `pool`.
struct InstanceRequested {
  static constexpr std::string_view name = "instance-requested";
  OperationId operation;
  RequestId request;
  std::string variant;
  std::string pool;
  std::uint32_t count = 0;
  UNDERSTUDY_FIELDS(InstanceRequested, operation, request, variant, pool, count)
};

/// `instances` were launched for a request and now count as held.
struct CapacityGranted {
  static constexpr std::string_view name = "capacity-granted";
  OperationId operation;
  RequestId request;
  std::string variant;
  std::string pool;
  std::vector<InstanceId> instances;
  UNDERSTUDY_FIELDS(CapacityGranted, operation, request, variant, pool,
                    instances)
};

/// A pool that a walk went past without asking it, and why: `cooling`,
/// `quota` (its family was refused in this walk) or `infeasible`.
struct PassedOver {
  std::string pool;
  RefusalKind reason = RefusalKind::none;
  Instant until;  ///< Of the cool-down; otherwise 0.
  UNDERSTUDY_FIELDS(PassedOver, pool, reason, until)
};

/// E2. `from` refused `count`; `to` is asked next.
struct FallbackChosen {
  static constexpr std::string_view name = "fallback-chosen";
  OperationId operation;
  RequestId refused_request;
  std::string variant;
  std::string from;
  std::string to;
  std::uint32_t count = 0;
  RefusalKind cause = RefusalKind::none;
  std::string code;  ///< Of the last refusal, in the provider's words.
  std::string message;
  Instant from_reopens_at;              ///< 0 when no cool-down is running.
  std::vector<PassedOver> passed_over;  ///< Better than `to`, best first.
  UNDERSTUDY_FIELDS(FallbackChosen, operation, refused_request, variant, from,
                    to, count, cause, code, message, from_reopens_at,
                    passed_over)
};

/// E3. No eligible pool is left for `count` in this walk. `refused_request`
/// is 0 and `from` empty when a walk found no pool to ask at all.
struct PoolsExhausted {
  static constexpr std::string_view name = "pools-exhausted";
  OperationId operation;
  RequestId refused_request;
  std::string variant;
  std::string from;
  std::uint32_t count = 0;
  RefusalKind cause = RefusalKind::none;
  std::string code;
  std::string message;
  Instant from_reopens_at;
  /// Next walk at the latest, once no older operation of the variant is open;
  /// 0: no pool can satisfy it.
  Instant retry_at;
  std::vector<PassedOver> passed_over;  ///< All not asked, best first.
  UNDERSTUDY_FIELDS(PoolsExhausted, operation, refused_request, variant, from,
                    count, cause, code, message, from_reopens_at, retry_at,
                    passed_over)
};

/// All that the operation wanted is launched, or nothing of it is wanted.
struct OperationCompleted {
  static constexpr std::string_view name = "operation-completed";
  OperationId operation;
  std::string variant;
  std::uint32_t granted = 0;
  std::uint32_t cancelled = 0;
  std::int64_t elapsed_ms = 0;
  UNDERSTUDY_FIELDS(OperationCompleted, operation, variant, granted, cancelled,
                    elapsed_ms)
};

/// The last thing a pool said when it was asked.
struct PoolVerdict {
  std::string pool;
  RefusalKind kind = RefusalKind::none;  ///< none: never refused.
  std::string code;
  std::string message;
  Instant at;
  UNDERSTUDY_FIELDS(PoolVerdict, pool, kind, code, message, at)
};

/// E4, E5. The total clock of an operation ran out, `missing` short.
struct ProvisioningTimedOut {
  static constexpr std::string_view name = "provisioning-timed-out";
  OperationId operation;
  std::string variant;
  std::uint32_t granted = 0;
  std::uint32_t missing = 0;
  std::vector<PoolVerdict> pools;
  UNDERSTUDY_FIELDS(ProvisioningTimedOut, operation, variant, granted, missing,
                    pools)
};

struct PoolCount {
  std::string variant;
  std::string pool;
  std::uint32_t count = 0;
  UNDERSTUDY_FIELDS(PoolCount, variant, pool, count)
};

/// E6.
struct EndpointInService {
  static constexpr std::string_view name = "endpoint-in-service";
  std::int64_t elapsed_ms = 0;  ///< Since the command.
  std::vector<PoolCount> pools;
  UNDERSTUDY_FIELDS(EndpointInService, elapsed_ms, pools)
};

/// E4, E9. Only deletion is accepted after it.
struct EndpointFailed {
  static constexpr std::string_view name = "endpoint-failed";
  std::string reason;  ///< A reason code.
  std::string message;
  std::vector<PoolVerdict> pools;
  std::vector<std::string> variants;  ///< Whose autoscalers stop.
  UNDERSTUDY_FIELDS(EndpointFailed, reason, message, pools, variants)
};

/// What the endpoint resolved to do, `from` to `to` instances.
struct ScaleOut {
  static constexpr std::string_view name = "scale-out";
  std::string command;  ///< Empty when the autoscaler asked.
  std::string variant;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  UNDERSTUDY_FIELDS(ScaleOut, command, variant, from, to)
};

struct ScaleIn {
  static constexpr std::string_view name = "scale-in";
  std::string command;
  std::string variant;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  UNDERSTUDY_FIELDS(ScaleIn, command, variant, from, to)
};

/// E8, E11. `count` of a request are no longer wanted.
struct LaunchCancelled {
  static constexpr std::string_view name = "launch-cancelled";
  OperationId operation;
  RequestId request;  ///< 0: they were waiting for a pool to reopen.
  std::string variant;
  std::string pool;
  std::uint32_t count = 0;
  UNDERSTUDY_FIELDS(LaunchCancelled, operation, request, variant, pool, count)
};

enum class DrainReason : std::uint8_t {
  scale_in,
  surplus,  ///< Launched after it was cancelled.
  returned_to_preferred,
  creation_failed,
  endpoint_deleted,
};

constexpr std::array<std::string_view, 5> names_of(DrainReason) {
  return {"scale-in", "surplus", "returned-to-preferred", "creation-failed",
          "endpoint-deleted"};
}

/// From here on the instance counts no more; no `instance-left` follows.
struct DrainRequested {
  static constexpr std::string_view name = "drain-requested";
  InstanceId instance;
  std::string variant;
  std::string pool;
  DrainReason reason = DrainReason::scale_in;
  UNDERSTUDY_FIELDS(DrainRequested, instance, variant, pool, reason)
};

/// An instance is ready and counts as serving.
struct InstanceJoined {
  static constexpr std::string_view name = "instance-joined";
  InstanceId instance;
  std::string variant;
  std::string pool;
  UNDERSTUDY_FIELDS(InstanceJoined, instance, variant, pool)
};

enum class LeaveReason : std::uint8_t {
  start_failed,
  unhealthy,
  lost,
  reclaimed,
  drained,
};

constexpr std::array<std::string_view, 5> names_of(LeaveReason) {
  return {"start-failed", "unhealthy", "lost", "reclaimed", "drained"};
}

/// An instance no longer counts: it serves nothing or soon will not.
struct InstanceLeft {
  static constexpr std::string_view name = "instance-left";
  InstanceId instance;
  std::string variant;
  std::string pool;
  LeaveReason reason = LeaveReason::drained;
  std::string detail;
  UNDERSTUDY_FIELDS(InstanceLeft, instance, variant, pool, reason, detail)
};

/// An instance that had left is gone: nothing is paid for it any more.
struct InstanceReleased {
  static constexpr std::string_view name = "instance-released";
  InstanceId instance;
  UNDERSTUDY_FIELDS(InstanceReleased, instance)
};

/// E10. A pool better than one in use may be asked again.
struct PreferredPoolOpened {
  static constexpr std::string_view name = "preferred-pool-opened";
  std::string variant;
  std::string pool;
  UNDERSTUDY_FIELDS(PreferredPoolOpened, variant, pool)
};

/// A command that was understood and not carried out.
struct CommandRefused {
  static constexpr std::string_view name = "command-refused";
  std::string command;
  std::string kind;      ///< The command's name.
  std::string reason;    ///< A reason code.
  std::string field;     ///< Path in the command; empty for the whole.
  std::string value;     ///< What stood there.
  std::string accepted;  ///< What would be accepted.
  UNDERSTUDY_FIELDS(CommandRefused, command, kind, reason, field, value,
                    accepted)
};

/// A command that asked for what already is.
struct CommandAccepted {
  static constexpr std::string_view name = "command-accepted";
  std::string command;
  std::string kind;
  UNDERSTUDY_FIELDS(CommandAccepted, command, kind)
};

/// E11. Everything is being given back.
struct EndpointDeleting {
  static constexpr std::string_view name = "endpoint-deleting";
  std::string command;
  std::vector<std::string> variants;  ///< Whose autoscalers stop.
  UNDERSTUDY_FIELDS(EndpointDeleting, command, variants)
};

/// A request ended and the walk does not go on from it: what was denied is
/// not wanted any more. With it, no late launch can come from this request.
struct RequestClosed {
  static constexpr std::string_view name = "request-closed";
  OperationId operation;
  RequestId request;
  std::string variant;
  std::string pool;
  std::uint32_t count = 0;
  RefusalKind cause = RefusalKind::none;
  std::string code;
  std::string message;
  Instant from_reopens_at;
  UNDERSTUDY_FIELDS(RequestClosed, operation, request, variant, pool, count,
                    cause, code, message, from_reopens_at)
};

/// E11. Nothing is held any more. The last event of a life; the name may be
/// created again.
struct EndpointDeleted {
  static constexpr std::string_view name = "endpoint-deleted";
  UNDERSTUDY_FIELDS(EndpointDeleted)
};

using Event = std::variant<
    EndpointCreated, EndpointUpdated, OperationOpened, InstanceRequested,
    CapacityGranted, FallbackChosen, PoolsExhausted, OperationCompleted,
    ProvisioningTimedOut, EndpointInService, EndpointFailed, ScaleOut, ScaleIn,
    LaunchCancelled, DrainRequested, InstanceJoined, InstanceLeft,
    InstanceReleased, PreferredPoolOpened, CommandRefused, CommandAccepted,
    EndpointDeleting, EndpointDeleted, RequestClosed>;

}  // namespace understudy::endpoint
