#include "actors/pool/choice.hpp"

#include <algorithm>

#include "actors/core/hash.hpp"

namespace understudy::pool {
namespace {

std::uint64_t in_flight(const State& state, const Offering& offering) {
  std::uint64_t sum = 0;
  for (const auto& [id, request] : state.requests) {
    if (request.attempt && request.attempt->offering == offering) {
      sum += request.attempt->count;
    }
  }
  return sum;
}

std::uint32_t free_budget(const State& state, const OfferingState& offering) {
  if (offering.budget == 0) return std::numeric_limits<std::uint32_t>::max();
  const std::uint64_t used = in_flight(state, offering.offering);
  return used < offering.budget
             ? static_cast<std::uint32_t>(offering.budget - used)
             : 0;
}

const OfferingRefusal* refused_here(const OpenRequest& request,
                                    const Offering& offering) {
  for (const OfferingRefusal& refusal : request.refusals) {
    if (refusal.offering == offering) return &refusal;
  }
  return nullptr;
}

/// P3. All offerings of a pool are of one quota family.
const OfferingRefusal* quota_refusal(const OpenRequest& request) {
  for (const OfferingRefusal& refusal : request.refusals) {
    if (refusal.kind == RefusalKind::quota) return &refusal;
  }
  return nullptr;
}

OfferingRefusal refusal_for(const OpenRequest& request,
                            const OfferingState& known) {
  OfferingRefusal out;
  out.offering = known.offering;
  out.until = known.cooling_until;
  if (const auto* here = refused_here(request, known.offering)) {
    out.kind = here->kind;
    out.code = here->code;
    out.message = here->message;
  } else if (known.infeasible || known.cooling()) {
    out.kind =
        known.infeasible ? RefusalKind::infeasible : RefusalKind::cooling;
    out.code = known.code;
    out.message = known.message;
  } else if (const auto* quota = quota_refusal(request)) {
    out.kind = RefusalKind::quota;
    out.code = quota->code;
    out.message = quota->message;
  }
  return out;
}

}  // namespace

Choice choose(const State& state, const OpenRequest& request, Instant now) {
  Choice choice;
  if (quota_refusal(request) || request.attempts == max_attempts) {
    return choice;
  }
  for (const OfferingState& known : state.offerings) {
    if (known.infeasible || known.cooling() ||
        refused_here(request, known.offering)) {
      continue;
    }
    const std::uint32_t budget = free_budget(state, known);
    if (budget == 0) {
      choice.next = Choice::Next::wait;
      continue;
    }
    if (known.throttled_until.us != 0 && now < known.throttled_until) {
      choice.next = Choice::Next::wait;
      choice.until = known.throttled_until;
      return choice;
    }
    choice.next = Choice::Next::ask;
    choice.offering = known.offering;
    choice.count = std::min({request.wanted(), budget, max_per_attempt});
    return choice;
  }
  return choice;
}

std::vector<OfferingRefusal> refusals_for(const State& state,
                                          const OpenRequest& request) {
  std::vector<OfferingRefusal> out;
  out.reserve(state.offerings.size());
  for (const OfferingState& known : state.offerings) {
    out.push_back(refusal_for(request, known));
  }
  return out;
}

Instant earliest_reopening(const State& state) {
  Instant earliest;
  for (const OfferingState& known : state.offerings) {
    if (!known.cooling()) continue;
    if (earliest.us == 0 || known.cooling_until < earliest) {
      earliest = known.cooling_until;
    }
  }
  return earliest;
}

std::int64_t cool_down_ms(const CoolDownPolicy& policy, std::uint32_t level,
                          std::uint64_t seed) {
  // 2^31 times the smallest base is above every cap.
  const std::uint32_t doublings = std::min(level > 0 ? level - 1 : 0, 31U);
  const std::int64_t base_ms = std::max<std::int64_t>(policy.base_ms, 1);
  const std::int64_t cap_ms = std::max<std::int64_t>(policy.cap_ms, 1);
  const std::int64_t full_ms =
      base_ms > (cap_ms >> doublings) ? cap_ms : base_ms << doublings;
  return full_ms - pick(seed, 0, full_ms / 5);
}

const OfferingState* find_offering(const State& state,
                                   const Offering& offering) {
  for (const OfferingState& known : state.offerings) {
    if (known.offering == offering) return &known;
  }
  return nullptr;
}

const Attempt* find_attempt(const State& state, RequestId request,
                            std::uint16_t attempt) {
  const auto found = state.requests.find(request);
  if (found == state.requests.end()) return nullptr;
  const auto& current = found->second.attempt;
  return current && current->number == attempt ? &*current : nullptr;
}

}  // namespace understudy::pool
