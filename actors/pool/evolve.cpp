#include <algorithm>

#include "actors/pool/choice.hpp"
#include "actors/pool/decider.hpp"

namespace understudy::pool {
namespace {

/// A budget that has grown so far says that the shortage is over.
constexpr std::uint32_t budget_lifted_at = 64;

/// Enough for the answers that can still be on their way.
constexpr std::size_t ungranted_kept = 16;

OfferingState* offering_of(State& state, const Offering& offering) {
  for (OfferingState& known : state.offerings) {
    if (known.offering == offering) return &known;
  }
  return nullptr;
}

OpenRequest* request_of(State& state, RequestId id) {
  const auto found = state.requests.find(id);
  return found == state.requests.end() ? nullptr : &found->second;
}

/// Ends the attempt, if it is in flight, and returns what it was.
std::optional<Attempt> close_attempt(State& state, RequestId id,
                                     std::uint16_t number) {
  OpenRequest* request = request_of(state, id);
  if (!request || !request->attempt || request->attempt->number != number) {
    return std::nullopt;
  }
  std::optional<Attempt> closed;
  closed.swap(request->attempt);
  return closed;
}

void remember_ungranted(State& state, RequestId id, std::uint16_t number) {
  if (state.ungranted.size() == ungranted_kept) {
    state.ungranted.erase(state.ungranted.begin());
  }
  state.ungranted.push_back({id, number});
}

/// Offerings that stay keep what is known of them.
std::vector<OfferingState> offerings_of(const State& state,
                                        const PoolSpec& spec) {
  std::vector<OfferingState> out;
  for (std::size_t zone = 0; zone < spec.zones.size(); ++zone) {
    const Offering offering = spec.offering(zone);
    const bool twice = std::any_of(
        out.begin(), out.end(),
        [&](const OfferingState& seen) { return seen.offering == offering; });
    if (twice) continue;
    const OfferingState* known = find_offering(state, offering);
    out.push_back(known ? *known : OfferingState{});
    out.back().offering = offering;
  }
  return out;
}

/// P4. What was infeasible before may be feasible now.
void forget_infeasible(State& state) {
  for (OfferingState& known : state.offerings) {
    known.infeasible = false;
  }
  for (auto& [id, request] : state.requests) {
    std::erase_if(request.refusals, [](const OfferingRefusal& refusal) {
      return refusal.kind == RefusalKind::infeasible;
    });
    if (request.attempt) request.attempt->outdated = true;
  }
}

void apply(State& state, const PoolConfigured& event, Instant) {
  const bool changed = !(state.spec == event.spec) ||
                       state.model != event.model ||
                       state.environment != event.environment;
  state.offerings = offerings_of(state, event.spec);
  if (changed) forget_infeasible(state);
  state.configured = true;
  state.spec = event.spec;
  state.cool_down = event.cool_down;
  state.health = event.health;
  state.model = event.model;
  state.environment = event.environment;
}

void apply(State& state, const LaunchRequested& event, Instant) {
  OpenRequest& request = state.requests[event.request];
  request.operation = event.operation;
  request.count = event.count;
  state.last_request = std::max(state.last_request, event.request);
}

void apply(State& state, const LaunchAttempted& event, Instant at) {
  OpenRequest* request = request_of(state, event.request);
  if (!request) return;
  request->attempts = event.attempt;
  request->attempt = Attempt{event.attempt,
                             event.offering,
                             event.count,
                             state.model,
                             at,
                             false,
                             false,
                             state.environment,
                             state.spec.max_concurrency};
  if (auto* known = offering_of(state, event.offering)) {
    known->throttled_until = {};
  }
}

void apply(State& state, const InstanceLaunched& event, Instant) {
  if (auto* known = offering_of(state, event.offering)) {
    known->level = 0;
    const std::uint32_t doubled = known->budget * 2;
    known->budget = doubled >= budget_lifted_at ? 0 : doubled;
  }
  close_attempt(state, event.request, event.attempt);
  OpenRequest* request = request_of(state, event.request);
  if (!request) return;
  request->granted += static_cast<std::uint32_t>(event.instances.size());
  if (request->granted >= request->count) state.requests.erase(event.request);
}

void apply(State& state, const LaunchRefused& event, Instant) {
  const auto closed = close_attempt(state, event.request, event.attempt);
  if (closed) remember_ungranted(state, event.request, event.attempt);
  const bool outdated = closed && closed->outdated;
  const bool infeasible = event.kind == RefusalKind::infeasible && !outdated;
  auto* known = offering_of(state, event.offering);
  if (known && infeasible) known->infeasible = true;
  if (known && (infeasible || event.kind == RefusalKind::capacity)) {
    known->code = event.code;
    known->message = event.message;
  }
  if (OpenRequest* request = request_of(state, event.request)) {
    request->refusals.push_back(
        {event.offering, event.kind, event.code, event.message, Instant{}});
  }
}

void apply(State& state, const LaunchDeferred& event, Instant) {
  if (close_attempt(state, event.request, event.attempt)) {
    remember_ungranted(state, event.request, event.attempt);
  }
  if (auto* known = offering_of(state, event.offering)) {
    known->throttled_until = event.until;
  }
}

void apply(State& state, const LaunchUnconfirmed& event, Instant at) {
  OpenRequest* request = request_of(state, event.request);
  if (!request || !request->attempt ||
      request->attempt->number != event.attempt) {
    return;
  }
  request->attempt->unconfirmed = true;
  request->attempt->requested_at = at;
}

void apply(State& state, const LaunchWithdrawn& event, Instant) {
  OpenRequest* request = request_of(state, event.request);
  if (request) request->withdrawn += event.count;
}

void apply(State& state, const CapacityDenied& event, Instant) {
  state.requests.erase(event.request);
}

void apply(State& state, const PoolCooledDown& event, Instant) {
  auto* known = offering_of(state, event.offering);
  if (!known) return;
  known->level = event.level;
  known->cooling_until = event.until;
  known->budget = 1;
}

void apply(State& state, const PoolReopened& event, Instant) {
  auto* known = offering_of(state, event.offering);
  if (!known) return;
  known->cooling_until = {};
  known->budget = 1;
  if (known->infeasible) return;
  known->code.clear();
  known->message.clear();
}

void apply(State& state, const OrphanReturned& event, Instant at) {
  state.giving_back.emplace(event.provider_ref, at);
  std::erase(state.ungranted, AttemptId{event.request, event.attempt});
}

void apply(State& state, const OrphanReleased& event, Instant) {
  state.giving_back.erase(event.provider_ref);
}

}  // namespace

void Decider::evolve(State& state, const Event& event, Instant at) {
  std::visit([&](const auto& known) { apply(state, known, at); }, event);
}

}  // namespace understudy::pool
