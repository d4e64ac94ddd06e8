#pragma once

/// What an endpoint knows. Changed by `evolve` alone; all of it is described,
/// so that snapshots, digests and comparison need no code of their own.
///
/// Instances and requests name their pool by a number that the endpoint
/// gave it, so that one instance costs a few bytes.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "actors/core/describe.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/refusal.hpp"
#include "actors/core/specification.hpp"
#include "actors/endpoint/event.hpp"

namespace understudy::endpoint {

enum class Status : std::uint8_t {
  absent,
  creating,
  in_service,
  failed,
  deleting,
  deleted,
};

constexpr std::array<std::string_view, 6> names_of(Status) {
  return {"absent", "creating", "in-service", "failed", "deleting", "deleted"};
}

/// How far an instance has come. `starting` and `ready` are held: they count
/// towards the wanted number.
enum class Phase : std::uint8_t {
  starting,
  ready,
  reclaimed,  ///< Serves until the provider takes it; replaced already.
  leaving,    ///< Draining or ended, and not known to be gone.
};

constexpr std::array<std::string_view, 4> names_of(Phase) {
  return {"starting", "ready", "reclaimed", "leaving"};
}

struct Instance {
  std::uint32_t pool = 0;
  Phase phase = Phase::starting;
  Instant launched_at;
  UNDERSTUDY_FIELDS(Instance, pool, phase, launched_at)
};

struct PoolState {
  std::string variant;
  std::string name;
  std::uint32_t rank = 0;  ///< Place among the variant's pools, best 0.
  std::uint32_t priority = 1;
  std::string quota_family;
  std::uint32_t starting = 0;
  std::uint32_t ready = 0;
  std::uint32_t leaving = 0;  ///< Reclaimed or leaving, not yet gone.
  bool infeasible = false;    ///< All offerings, for this specification.
  Instant closed_until;       ///< Of the last denial; 0 once asked again.
  Instant open_since;         ///< E10: may be later than now.
  PoolVerdict last;           ///< Of the last answer.
  UNDERSTUDY_FIELDS(PoolState, variant, name, rank, priority, quota_family,
                    starting, ready, leaving, infeasible, closed_until,
                    open_since, last)

  [[nodiscard]] std::uint32_t held() const { return starting + ready; }
};

struct VariantState {
  std::uint32_t desired = 0;
  std::uint32_t start_failures = 0;  ///< In a row, E9.
  OperationId return_operation;      ///< E10: asked for, one beyond desired.
  InstanceId return_instance;        ///< E10: held, one beyond desired.
  Instant last_return_at;            ///< 0 when there was none.
  UNDERSTUDY_FIELDS(VariantState, desired, start_failures, return_operation,
                    return_instance, last_return_at)

  [[nodiscard]] std::uint32_t beyond_desired() const {
    return return_operation.value != 0 || return_instance.value != 0 ? 1 : 0;
  }
};

/// An open operation. `wanted() == unplaced + ` what `request` still wants.
struct Operation {
  OperationKind kind = OperationKind::creation;
  std::string variant;
  std::uint32_t count = 0;
  std::uint32_t granted = 0;
  std::uint32_t cancelled = 0;
  std::uint32_t unplaced = 0;  ///< Wanted, and asked of no pool.
  RequestId request;           ///< The one under way; 0 when it waits.
  Instant opened_at;
  Instant deadline;
  Instant not_before;      ///< 0, or when the first walk may begin.
  Instant retry_at;        ///< 0, or when the next walk begins by itself.
  std::string first_pool;  ///< Asked before all others in the first walk.
  bool walking = false;    ///< False: waits for a walk to begin.
  std::set<std::uint32_t> asked;           ///< Pools, in this walk.
  std::set<std::string> refused_families;  ///< Out of quota, in this walk.
  UNDERSTUDY_FIELDS(Operation, kind, variant, count, granted, cancelled,
                    unplaced, request, opened_at, deadline, not_before,
                    retry_at, first_pool, walking, asked, refused_families)

  [[nodiscard]] std::uint32_t wanted() const {
    return granted + cancelled >= count ? 0 : count - granted - cancelled;
  }
};

/// A request that its pool has not ended: launches may still come of it.
struct Request {
  OperationId operation;
  std::uint32_t pool = 0;
  std::uint32_t count = 0;
  std::uint32_t granted = 0;  ///< Surplus included.
  std::uint32_t cancelled = 0;
  std::set<InstanceId> released;  ///< Its instances that are gone already.
  UNDERSTUDY_FIELDS(Request, operation, pool, count, granted, cancelled,
                    released)

  [[nodiscard]] std::uint32_t wanted() const {
    return granted + cancelled >= count ? 0 : count - granted - cancelled;
  }
};

/// E12. How a command was answered.
struct Answer {
  std::string command;
  bool ok = false;
  std::string reason;  ///< The rest is empty when it was carried out.
  std::string field;
  std::string value;
  std::string accepted;
  UNDERSTUDY_FIELDS(Answer, command, ok, reason, field, value, accepted)
};

struct State {
  Status status = Status::absent;
  EndpointSpec spec;  ///< Defaults filled in.
  Instant created_at;
  std::string failure_reason;
  std::string failure_message;
  OperationId last_operation;
  RequestId last_request;
  std::uint32_t last_pool = 0;
  std::map<std::string, VariantState> variants;
  std::map<std::uint32_t, PoolState> pools;  ///< By number.
  std::map<OperationId, Operation> operations;
  std::map<RequestId, Request> requests;
  std::map<InstanceId, Instance> instances;
  std::deque<Answer> answers;  ///< The last 128, oldest first.
  UNDERSTUDY_FIELDS(State, status, spec, created_at, failure_reason,
                    failure_message, last_operation, last_request, last_pool,
                    variants, pools, operations, requests, instances, answers)

  /// The answer to a command among the last 128; null when it is unknown.
  [[nodiscard]] const Answer* answer(std::string_view command) const;
};

}  // namespace understudy::endpoint
