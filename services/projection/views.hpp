#pragma once

/// What a reader of the log wants to see, as plain described values. Built by
/// FleetView. Nothing decides by them.
///
/// Instants that did not happen are 0. Positions are sequences of records,
/// 0 where there is none.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/refusal.hpp"
#include "actors/core/specification.hpp"
#include "actors/endpoint/event.hpp"

namespace understudy {

/// A refusal and the record that says so.
struct RefusalView {
  Offering offering;
  RefusalKind kind = RefusalKind::none;
  std::string code;
  std::string message;
  Instant at;
  std::uint64_t position = 0;
  UNDERSTUDY_FIELDS(RefusalView, offering, kind, code, message, at, position)
};

struct OfferingView {
  Offering offering;
  Instant cooling_until;    ///< 0 when it is not cooling down.
  std::uint32_t level = 0;  ///< Capacity refusals in a row.
  bool infeasible = false;
  std::uint64_t granted = 0;  ///< Instances.
  std::uint64_t refused = 0;  ///< Instances.
  std::optional<RefusalView> last_refusal;
  UNDERSTUDY_FIELDS(OfferingView, offering, cooling_until, level, infeasible,
                    granted, refused, last_refusal)
};

struct PoolView {
  PoolSpec spec;
  std::uint32_t held = 0;   ///< Granted and not left, as the endpoint counts.
  std::uint32_t ready = 0;  ///< Taking requests.
  std::uint32_t asked = 0;  ///< Wanted of it by requests under way.
  std::uint64_t granted = 0;
  std::uint64_t refused = 0;
  std::optional<RefusalView> last_refusal;
  std::vector<OfferingView> offerings;
  UNDERSTUDY_FIELDS(PoolView, spec, held, ready, asked, granted, refused,
                    last_refusal, offerings)

  /// When its last offering in cool-down opens; 0 unless all are cooling.
  [[nodiscard]] Instant closed_until() const;
};

struct VariantView {
  std::string name;
  std::string model;  ///< Empty: the instances know themselves.
  std::uint32_t desired = 0;
  std::uint32_t held = 0;
  std::uint32_t ready = 0;
  ScalingPolicy scaling;
  std::vector<PoolView> pools;  ///< In the order of preference.

  /// What the instances of one of its pools serve.
  [[nodiscard]] const std::string& model_of(const PoolView& pool) const {
    return pool.spec.model_override.empty() ? model : pool.spec.model_override;
  }
  UNDERSTUDY_FIELDS(VariantView, name, model, desired, held, ready, scaling,
                    pools)
};

enum class EndpointStatus : std::uint8_t {
  creating,
  in_service,
  failed,
  deleting,
  deleted,
};

constexpr std::array<std::string_view, 5> names_of(EndpointStatus) {
  return {"creating", "in-service", "failed", "deleting", "deleted"};
}

/// One thing that is so or is not, since when and why.
struct Condition {
  std::string type;
  bool status = false;
  std::string reason;
  std::string message;
  Instant since;
  UNDERSTUDY_FIELDS(Condition, type, status, reason, message, since)
};

/// A decision worth showing, in one sentence. The same kind of decision for
/// the same operation, several times in a row, is one of these: the latest,
/// with how often it was taken and when first.
struct DecisionView {
  std::uint64_t position = 0;
  Instant at;
  std::string event;
  std::string text;
  OperationId operation;  ///< 0 where it is about none.
  std::uint32_t count = 1;
  Instant first_at;
  UNDERSTUDY_FIELDS(DecisionView, position, at, event, text, operation, count,
                    first_at)
};

struct EndpointView {
  std::string name;
  EndpointStatus status = EndpointStatus::creating;
  std::string failure_reason;
  std::string failure_message;
  Instant created_at;
  Instant in_service_at;
  Instant ended_at;  ///< Deleted.
  std::vector<VariantView> variants;
  std::vector<Condition> conditions;
  std::vector<DecisionView> decisions;  ///< The latest, oldest first.
  /// The record that holds the specification; not shown itself.
  std::uint64_t specified_at = 0;
  UNDERSTUDY_FIELDS(EndpointView, name, status, failure_reason, failure_message,
                    created_at, in_service_at, ended_at, variants, conditions,
                    decisions)
};

enum class InstanceStatus : std::uint8_t {
  starting,
  ready,
  reclaiming,  ///< Takes requests; will be taken away.
  draining,
  ending,  ///< The provider was asked to end it.
  terminated,
  lost,
};

constexpr std::array<std::string_view, 7> names_of(InstanceStatus) {
  return {"starting", "ready",      "reclaiming", "draining",
          "ending",   "terminated", "lost"};
}

struct InstanceView {
  InstanceId id;
  std::string variant;
  std::string pool;
  Offering offering;
  std::string provider_ref;
  std::string address;
  std::string model;  ///< What it was given; empty: it knows itself.
  std::uint64_t price_micros_per_hour = 0;
  OperationId operation;
  InstanceStatus status = InstanceStatus::starting;
  bool held = false;
  Instant launched_at;
  Instant ready_at;
  Instant draining_at;
  Instant ended_at;
  std::string reason;  ///< Why it leaves or left.
  UNDERSTUDY_FIELDS(InstanceView, id, variant, pool, offering, provider_ref,
                    address, model, price_micros_per_hour, operation, status,
                    held, launched_at, ready_at, draining_at, ended_at, reason)

  [[nodiscard]] bool serving() const {
    return status == InstanceStatus::ready ||
           (status == InstanceStatus::reclaiming && ready_at.us != 0);
  }
};

/// What one pool was asked for and what came of it.
struct RequestView {
  RequestId request;
  std::string pool;
  std::uint32_t count = 0;
  std::uint32_t granted = 0;
  std::uint32_t cancelled = 0;
  std::uint32_t denied = 0;
  RefusalKind cause = RefusalKind::none;
  Instant asked_at;
  std::uint64_t position = 0;
  UNDERSTUDY_FIELDS(RequestView, request, pool, count, granted, cancelled,
                    denied, cause, asked_at, position)

  [[nodiscard]] std::uint32_t open() const {
    const std::uint32_t settled = granted + cancelled + denied;
    return settled < count ? count - settled : 0;
  }
};

enum class OperationStatus : std::uint8_t {
  open,
  waiting,  ///< For a pool to open again.
  completed,
  timed_out,
};

constexpr std::array<std::string_view, 4> names_of(OperationStatus) {
  return {"open", "waiting", "completed", "timed-out"};
}

struct OperationView {
  OperationId id;
  endpoint::OperationKind kind = endpoint::OperationKind::creation;
  std::string variant;
  std::string cause;
  OperationStatus status = OperationStatus::open;
  std::uint32_t count = 0;
  std::uint32_t granted = 0;
  std::uint32_t cancelled = 0;
  std::uint32_t fallbacks = 0;
  std::uint32_t walks = 0;  ///< Times that the pools were gone through.
  Instant opened_at;
  Instant deadline;
  Instant ended_at;
  std::uint64_t position = 0;
  std::vector<RequestView> requests;
  /// While waiting: the next walk at the latest; 0: no pool can satisfy it.
  Instant retry_at;
  UNDERSTUDY_FIELDS(OperationView, id, kind, variant, cause, status, count,
                    granted, cancelled, fallbacks, walks, opened_at, deadline,
                    ended_at, position, requests, retry_at)

  [[nodiscard]] std::uint32_t missing() const {
    const std::uint32_t settled = granted + cancelled;
    return settled < count ? count - settled : 0;
  }
};

}  // namespace understudy
