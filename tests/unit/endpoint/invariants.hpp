#pragma once

/// What holds of every endpoint, whatever happened to it.

#include <map>
#include <set>
#include <string>

#include "actors/endpoint/queries.hpp"
#include "actors/endpoint/state.hpp"

namespace understudy::endpoint {

inline std::string broken_counters(const State& state) {
  std::map<std::uint32_t, PoolState> counted;
  for (const auto& [id, instance] : state.instances) {
    if (!state.pools.contains(instance.pool)) return "instance of no pool";
    PoolState& pool = counted[instance.pool];
    if (instance.phase == Phase::starting) {
      ++pool.starting;
    } else if (instance.phase == Phase::ready) {
      ++pool.ready;
    } else {
      ++pool.leaving;
    }
  }
  std::map<std::string, std::set<std::uint32_t>> ranks;
  for (const auto& [number, pool] : state.pools) {
    const PoolState& truth = counted[number];
    if (pool.starting != truth.starting || pool.ready != truth.ready ||
        pool.leaving != truth.leaving) {
      return "counters of pool " + pool.name;
    }
    if (number > state.last_pool) return "pool number";
    if (!ranks[pool.variant].insert(pool.rank).second) return "equal ranks";
  }
  for (const auto& [variant, set] : ranks) {
    if (*set.rbegin() + 1 != set.size()) return "gap in ranks";
  }
  return {};
}

/// Holds after every single event. Empty, or what is broken.
inline std::string broken(const State& state) {
  for (const auto& [id, request] : state.requests) {
    if (request.granted >= request.count) return "request not closed";
    if (!state.pools.contains(request.pool)) return "request to no pool";
    if (id > state.last_request) return "request number";
    for (const InstanceId gone : request.released) {
      if (state.instances.contains(gone)) return "released but known";
    }
  }
  for (const auto& [id, operation] : state.operations) {
    if (id > state.last_operation) return "operation number";
    if (operation.granted + operation.cancelled > operation.count) {
      return "operation got more than it wanted";
    }
    const Request* request = find(state.requests, operation.request);
    if (operation.request.value != 0 &&
        (request == nullptr || request->operation != id)) {
      return "operation and request";
    }
    const std::uint32_t asked = request == nullptr ? 0 : request->wanted();
    if (operation.wanted() != operation.unplaced + asked) {
      return "wanted is not unplaced + asked";
    }
  }
  std::set<std::string> commands;
  for (const Answer& answer : state.answers) {
    if (!commands.insert(answer.command).second) return "answered twice";
  }
  if (commands.size() > 128) return "too many answers";
  return broken_counters(state);
}

inline std::string unsettled_variant(const State& state,
                                     const std::string& name,
                                     const VariantState& variant) {
  if (count(state, name).excess() != 0) return "held + pending != desired";
  const OperationId returning = variant.return_operation;
  if (returning.value != 0 && !state.operations.contains(returning)) {
    return "a return that is not open";
  }
  const InstanceId beyond = variant.return_instance;
  if (beyond.value == 0) return {};
  const Instance* instance = find(state.instances, beyond);
  if (instance == nullptr || instance->phase != Phase::starting) {
    return "a returned instance that is not starting";
  }
  return returning.value != 0 ? "two returns" : "";
}

/// E3. Time alone makes the oldest that waits walk again, or no pool will do.
inline std::string forgotten(const State& state, const Operation& operation) {
  if (operation.walking || operation.not_before.us != 0) return {};
  if (operation.retry_at.us != 0) return {};
  for (const auto& [number, pool] : state.pools) {
    if (pool.variant == operation.variant && !pool.infeasible) {
      return "an operation that waits for nothing";
    }
  }
  return {};
}

/// Holds after every decision. Empty, or what is broken.
inline std::string unsettled(const State& state) {
  if (state.status == Status::absent || state.status == Status::deleted) {
    const bool empty = state.instances.empty() && state.requests.empty() &&
                       state.operations.empty() && state.variants.empty();
    return empty ? "" : "something of nothing";
  }
  if (!active(state)) {
    if (!state.operations.empty()) return "operations of the dead";
    for (const auto& [id, request] : state.requests) {
      if (request.wanted() != 0) return "wants of the dead";
    }
    for (const auto& [id, instance] : state.instances) {
      if (instance.phase != Phase::leaving) return "held by the dead";
    }
    const bool over = state.instances.empty() && state.requests.empty();
    return over && state.status == Status::deleting ? "not deleted" : "";
  }
  for (const auto& [id, operation] : state.operations) {
    if (operation.wanted() == 0) return "operation not completed";
    if (operation.walking != (operation.unplaced == 0)) return "walking";
    if (!operation.walking && !operation.asked.empty()) return "asked";
    const std::string wrong = forgotten(state, operation);
    if (!wrong.empty()) return wrong;
  }
  for (const auto& [name, variant] : state.variants) {
    const std::string wrong = unsettled_variant(state, name, variant);
    if (!wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace understudy::endpoint
