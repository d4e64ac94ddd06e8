#include "actors/endpoint/deadlines.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "actors/endpoint/queries.hpp"

namespace understudy::endpoint {

std::vector<NextWalk> next_walks(const State& state) {
  std::vector<NextWalk> walks;
  std::set<std::string_view> led;
  for (const auto& [id, operation] : state.operations) {
    if (takes_turns(operation) && !led.insert(operation.variant).second) {
      continue;
    }
    if (operation.walking || operation.unplaced == 0) continue;
    const Instant at = operation.not_before.us != 0 ? operation.not_before
                                                    : operation.retry_at;
    if (at.us != 0) walks.push_back({id, at});
  }
  return walks;
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
