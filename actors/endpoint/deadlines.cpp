#include "actors/endpoint/deadlines.hpp"

#include <algorithm>

#include "actors/endpoint/queries.hpp"

namespace understudy::endpoint {

Instant next_walk_at(const Operation& operation) {
  if (operation.walking || operation.unplaced == 0) return Instant::never();
  if (operation.not_before.us != 0) return operation.not_before;
  return operation.retry_at.us != 0 ? operation.retry_at : Instant::never();
}

std::uint32_t worst_priority(const State& state, const std::string& variant) {
  std::uint32_t worst = 0;
  for (const auto& [number, pool] : state.pools) {
    if (pool.variant != variant || pool.ready == 0) continue;
    worst = std::max(worst, pool.priority);
  }
  return worst;
}

ReturnDue return_due(const State& state, const std::string& variant,
                     Instant now) {
  ReturnDue due;
  const VariantSpec* spec = variant_spec(state, variant);
  const VariantState* known = find(state.variants, variant);
  if (state.status != Status::in_service || spec == nullptr ||
      known == nullptr || spec->return_policy.mode != ReturnMode::active) {
    return due;
  }
  const Counts counts = count(state, variant);
  if (counts.pending + counts.starting + counts.beyond != 0) return due;
  const ReturnPolicy& policy = spec->return_policy;
  const Instant last = known->last_return_at;
  const Instant budget =
      last.us == 0 ? Instant{} : after_ms(last, policy.interval_ms);
  const std::uint32_t worst = worst_priority(state, variant);
  for (const std::uint32_t number : ranked_pools(state, variant)) {
    const PoolState& pool = state.pools.at(number);
    if (pool.priority >= worst || pool.infeasible) continue;
    const Instant at =
        std::max({after_ms(pool.open_since, policy.dwell_ms), budget, now});
    if (at < due.at) due = {at, number};
  }
  return due;
}

}  // namespace understudy::endpoint
