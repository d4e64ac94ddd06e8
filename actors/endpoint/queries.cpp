#include "actors/endpoint/queries.hpp"

#include <algorithm>

namespace understudy::endpoint {

bool active(const State& state) {
  return state.status == Status::creating || state.status == Status::in_service;
}

const VariantSpec* variant_spec(const State& state, std::string_view variant) {
  for (const VariantSpec& spec : state.spec.variants) {
    if (spec.name == variant) return &spec;
  }
  return nullptr;
}

std::vector<std::string> variant_names(const State& state) {
  std::vector<std::string> names;
  for (const VariantSpec& variant : state.spec.variants)
    names.push_back(variant.name);
  return names;
}

std::uint32_t pool_number(const State& state, std::string_view variant,
                          std::string_view name) {
  for (const auto& [number, pool] : state.pools) {
    if (pool.name == name && pool.variant == variant) return number;
  }
  return 0;
}

std::vector<std::uint32_t> ranked_pools(const State& state,
                                        std::string_view variant) {
  std::vector<std::uint32_t> numbers;
  for (const auto& [number, pool] : state.pools) {
    if (pool.variant == variant) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end(),
            [&state](std::uint32_t a, std::uint32_t b) {
              return state.pools.at(a).rank < state.pools.at(b).rank;
            });
  return numbers;
}

Counts count(const State& state, const std::string& variant) {
  Counts counts;
  if (const auto* known = find(state.variants, variant)) {
    counts.desired = known->desired;
    counts.beyond = known->beyond_desired();
  }
  for (const auto& [number, pool] : state.pools) {
    if (pool.variant != variant) continue;
    counts.starting += pool.starting;
    counts.ready += pool.ready;
  }
  for (const auto& [id, operation] : state.operations) {
    if (operation.variant == variant) counts.pending += operation.wanted();
  }
  return counts;
}

bool takes_turns(const Operation& operation) {
  if (operation.kind == OperationKind::return_to_preferred) return false;
  return operation.walking || operation.not_before.us == 0;
}

bool leads(const State& state, OperationId id) {
  const std::string& variant = state.operations.at(id).variant;
  for (const auto& [other, operation] : state.operations) {
    if (other == id) break;
    if (operation.variant == variant && takes_turns(operation)) return false;
  }
  return true;
}

OperationId next_in_turn(const State& state, std::string_view variant,
                         Instant now) {
  for (const auto& [id, operation] : state.operations) {
    if (operation.variant == variant && !operation.walking &&
        operation.unplaced > 0 && operation.not_before <= now &&
        operation.kind != OperationKind::return_to_preferred) {
      return id;
    }
  }
  return {};
}

bool in_use(const State& state, std::uint32_t pool) {
  const auto* known = find(state.pools, pool);
  if (known != nullptr && known->held() + known->leaving > 0) return true;
  return std::any_of(
      state.requests.begin(), state.requests.end(),
      [pool](const auto& entry) { return entry.second.pool == pool; });
}

std::vector<PoolVerdict> verdicts(const State& state,
                                  std::string_view variant) {
  std::vector<PoolVerdict> list;
  for (const std::uint32_t number : ranked_pools(state, variant)) {
    const PoolState& pool = state.pools.at(number);
    list.push_back(pool.last);
    list.back().pool = pool.name;
  }
  return list;
}

}  // namespace understudy::endpoint
