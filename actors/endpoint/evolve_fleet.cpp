#include <algorithm>

#include "actors/endpoint/evolve.hpp"
#include "actors/endpoint/queries.hpp"

namespace understudy::endpoint {
namespace {

std::uint32_t& counter(PoolState& pool, Phase phase) {
  if (phase == Phase::starting) return pool.starting;
  return phase == Phase::ready ? pool.ready : pool.leaving;
}

/// Moves an instance on and keeps its pool's counters true.
Instance* move_to(State& state, InstanceId id, Phase phase) {
  Instance* instance = find(state.instances, id);
  if (instance == nullptr) return nullptr;
  if (auto* pool = find(state.pools, instance->pool)) {
    --counter(*pool, instance->phase);
    ++counter(*pool, phase);
  }
  instance->phase = phase;
  return instance;
}

VariantState* variant_of(State& state, const Instance& instance) {
  PoolState* pool = find(state.pools, instance.pool);
  return pool == nullptr ? nullptr : find(state.variants, pool->variant);
}

}  // namespace

void apply(State& state, const CapacityGranted& event, Instant at) {
  Request* request = find(state.requests, event.request);
  if (request == nullptr) return;
  PoolState* pool = find(state.pools, request->pool);
  Operation* operation = find(state.operations, request->operation);
  if (operation != nullptr && operation->request != event.request) {
    operation = nullptr;
  }
  for (const InstanceId id : event.instances) {
    const bool wanted = request->wanted() > 0;
    const bool added =
        state.instances.try_emplace(id, Instance{request->pool, {}, at}).second;
    if (!added) continue;
    ++request->granted;
    if (pool != nullptr) ++pool->starting;
    if (operation == nullptr || !wanted) continue;
    ++operation->granted;
    if (operation->kind != OperationKind::return_to_preferred) continue;
    if (auto* variant = find(state.variants, operation->variant)) {
      variant->return_instance = id;
    }
  }
  if (pool != nullptr) {
    pool->closed_until = {};
    pool->last = {pool->name, RefusalKind::none, {}, {}, at};
  }
  if (request->granted < request->count) return;
  if (operation != nullptr) operation->request = {};
  state.requests.erase(event.request);
}

void apply(State& state, const DrainRequested& event, Instant at) {
  const Instance* instance = move_to(state, event.instance, Phase::leaving);
  if (instance == nullptr) return;
  if (event.reason != DrainReason::returned_to_preferred) return;
  if (auto* variant = variant_of(state, *instance)) {
    variant->return_instance = {};
    variant->last_return_at = at;
  }
}

void apply(State& state, const InstanceJoined& event, Instant) {
  const Instance* instance = move_to(state, event.instance, Phase::ready);
  if (instance == nullptr) return;
  if (auto* variant = variant_of(state, *instance)) {
    variant->start_failures = 0;
  }
}

void apply(State& state, const InstanceLeft& event, Instant at) {
  const bool serves = event.reason == LeaveReason::reclaimed;
  const Instance* instance = move_to(
      state, event.instance, serves ? Phase::reclaimed : Phase::leaving);
  if (instance == nullptr) return;
  VariantState* variant = variant_of(state, *instance);
  if (variant == nullptr) return;
  if (event.reason == LeaveReason::start_failed) ++variant->start_failures;
  // With one less, the one beyond desired is simply one of the wanted.
  if (variant->return_instance.value != 0) {
    variant->return_instance = {};
    variant->last_return_at = at;
  }
}

void apply(State& state, const InstanceReleased& event, Instant) {
  const Instance* instance = find(state.instances, event.instance);
  if (instance == nullptr) return;
  if (auto* pool = find(state.pools, instance->pool)) {
    --counter(*pool, instance->phase);
  }
  if (auto* request = find(state.requests, event.instance.request())) {
    request->released.insert(event.instance);
  }
  state.instances.erase(event.instance);
}

void apply(State& state, const PreferredPoolOpened& event, Instant at) {
  PoolState* pool =
      find(state.pools, pool_number(state, event.variant, event.pool));
  if (pool == nullptr) return;
  pool->closed_until = {};
  pool->open_since = at;
}

}  // namespace understudy::endpoint
