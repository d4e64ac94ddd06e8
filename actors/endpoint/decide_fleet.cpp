#include <algorithm>
#include <tuple>
#include <utility>

#include "actors/endpoint/deadlines.hpp"
#include "actors/endpoint/queries.hpp"
#include "actors/endpoint/reasons.hpp"
#include "actors/endpoint/steps.hpp"
#include "actors/endpoint/text.hpp"

namespace understudy::endpoint {
namespace {

constexpr std::int64_t first_pause_ms = 60'000;
constexpr std::int64_t longest_pause_ms = 600'000;
constexpr std::size_t longest_detail = 200;
/// E3. As a pool's launch budget doubles with each grant, so do the walks.
constexpr int walks_per_grant = 2;

/// The state's own copy may change under a step: these do not.
struct Where {
  std::string variant;
  std::string pool;
};

Where where(const State& state, InstanceId id) {
  const PoolState& pool = state.pools.at(state.instances.at(id).pool);
  return {pool.variant, pool.name};
}

bool held(Phase phase) {
  return phase == Phase::starting || phase == Phase::ready;
}

/// E9. Doubles with each failed start beyond the limit.
Instant pause_until(Instant now, std::uint32_t failures_beyond) {
  std::int64_t pause = first_pause_ms;
  for (std::uint32_t i = 1; i < failures_beyond && pause < longest_pause_ms;
       ++i) {
    pause *= 2;
  }
  return after_ms(now, std::min(pause, longest_pause_ms));
}

/// E9. False when the endpoint failed because of it.
bool accept_failed_start(Step& step, InstanceId id, const Where& place,
                         const std::string& detail, Shortfall& missing) {
  const State& state = step.state();
  const std::uint32_t failures =
      state.variants.at(place.variant).start_failures;
  const std::uint32_t limit =
      variant_spec(state, place.variant)->health.max_start_failures;
  missing.first_pool = place.pool;
  if (failures <= limit) return true;
  if (state.status == Status::in_service) {
    missing.not_before = pause_until(step.now(), failures - limit);
    return true;
  }
  fail(step, reasons::container_start_failed,
       "variant " + place.variant + ": " + std::to_string(failures) +
           " failed starts in a row, " + std::to_string(limit) +
           " are accepted; the last: instance " + to_string(id) + " of pool " +
           place.pool + ": " + shown(detail, longest_detail),
       verdicts(state, place.variant));
  return false;
}

/// E7, E9. An instance counts no more; another one takes its place.
void leave(Step& step, InstanceId id, LeaveReason reason,
           const std::string& detail) {
  const Where place = where(step.state(), id);
  cancel_return(step, place.variant);
  step.emit(InstanceLeft{id, place.variant, place.pool, reason, detail});
  Shortfall missing;
  missing.kind = OperationKind::replacement;
  missing.cause = "instance " + to_string(id) + " of pool " + place.pool +
                  ": " + std::string(name_of(reason));
  missing.replaces = {id};
  if (reason == LeaveReason::start_failed &&
      !accept_failed_start(step, id, place, detail, missing)) {
    return;
  }
  settle(step, place.variant, missing);
}

/// E10. The youngest ready instance of the least preferred pool, if that is
/// worse than `better`; otherwise `better` itself, which replaces nothing.
InstanceId replaced_by(const State& state, InstanceId better) {
  const PoolState& pool = state.pools.at(state.instances.at(better).pool);
  InstanceId chosen = better;
  std::uint32_t worst_rank = 0;
  Instant launched_at;
  for (const auto& [id, instance] : state.instances) {
    const PoolState& candidate = state.pools.at(instance.pool);
    if (candidate.variant != pool.variant || instance.phase != Phase::ready ||
        candidate.priority <= pool.priority) {
      continue;
    }
    if (std::tie(candidate.rank, instance.launched_at) >=
        std::tie(worst_rank, launched_at)) {
      worst_rank = candidate.rank;
      launched_at = instance.launched_at;
      chosen = id;
    }
  }
  return chosen;
}

void join(Step& step, InstanceId id) {
  const Where place = where(step.state(), id);
  step.emit(InstanceJoined{id, place.variant, place.pool});
  if (step.state().variants.at(place.variant).return_instance != id) return;
  const InstanceId replaced = replaced_by(step.state(), id);
  step.emit(DrainRequested{replaced, place.variant,
                           where(step.state(), replaced).pool,
                           DrainReason::returned_to_preferred});
}

}  // namespace

void take_on(Step& step, RequestId id,
             const std::vector<InstanceId>& launched) {
  const State& state = step.state();
  const Request* request = find(state.requests, id);
  if (request == nullptr || !state.pools.contains(request->pool)) return;
  std::set<InstanceId> fresh;
  for (const InstanceId instance : launched) {
    if (instance.request() == id && !state.instances.contains(instance) &&
        !request->released.contains(instance)) {
      fresh.insert(instance);
    }
  }
  if (fresh.empty()) return;
  const PoolState& pool = state.pools.at(request->pool);
  const OperationId operation = request->operation;
  const std::string variant = pool.variant;
  step.emit(CapacityGranted{
      operation, id, variant, pool.name, {fresh.begin(), fresh.end()}});
  if (active(step.state())) {
    complete_if_done(step, operation);
    settle(step, variant, {});
    for (int i = 0; i < walks_per_grant; ++i)
      begin_next_walk(step, variant);
  } else {
    give_back_all(step, step.state().status == Status::failed
                            ? DrainReason::creation_failed
                            : DrainReason::endpoint_deleted);
  }
}

void on(Step& step, const LaunchGranted& input) {
  const Request* request = find(step.state().requests, input.request);
  if (request == nullptr || request->operation != input.operation) return;
  take_on(step, input.request, input.instances);
}

void on(Step& step, const InstanceChanged& input) {
  const InstanceId id = input.instance;
  // An instance may speak before its pool's word about it has arrived.
  if (!step.state().instances.contains(id)) take_on(step, id.request(), {id});
  const Instance* instance = find(step.state().instances, id);
  if (instance == nullptr) return;
  const Phase phase = instance->phase;
  switch (input.change) {
    case InstanceChange::ready:
      if (phase == Phase::starting) join(step, id);
      return;
    case InstanceChange::start_failed:
    case InstanceChange::unhealthy:
      if (!held(phase)) return;
      return leave(step, id,
                   phase == Phase::ready ? LeaveReason::unhealthy
                                         : LeaveReason::start_failed,
                   input.detail);
    case InstanceChange::reclaim_noticed:
      if (!held(phase)) return;
      return leave(step, id, LeaveReason::reclaimed, input.detail);
    case InstanceChange::lost:
    case InstanceChange::terminated:
      if (held(phase)) leave(step, id, LeaveReason::lost, input.detail);
      step.emit(InstanceReleased{id});
      return;
  }
}

void give_back_all(Step& step, DrainReason reason) {
  const State& state = step.state();
  for (const auto& [id, request] : state.requests) {
    if (request.wanted() == 0) continue;
    const PoolState& pool = state.pools.at(request.pool);
    step.emit(LaunchCancelled{request.operation, id, pool.variant, pool.name,
                              request.wanted()});
  }
  std::vector<OperationId> open;
  for (const auto& [id, operation] : state.operations) {
    open.push_back(id);
    if (operation.unplaced == 0) continue;
    step.emit(
        LaunchCancelled{id, {}, operation.variant, {}, operation.unplaced});
  }
  for (const OperationId id : open)
    complete_if_done(step, id);
  for (const auto& [id, instance] : state.instances) {
    if (instance.phase == Phase::leaving) continue;
    const PoolState& pool = state.pools.at(instance.pool);
    step.emit(DrainRequested{id, pool.variant, pool.name, reason});
  }
}

void fail(Step& step, std::string_view reason, std::string message,
          std::vector<PoolVerdict> pools) {
  step.emit(EndpointFailed{std::string(reason), std::move(message),
                           std::move(pools), variant_names(step.state())});
  give_back_all(step, DrainReason::creation_failed);
}

}  // namespace understudy::endpoint
