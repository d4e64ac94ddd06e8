#include <algorithm>
#include <span>

#include "actors/core/hash.hpp"
#include "actors/pool/choice.hpp"
#include "actors/pool/configured.hpp"
#include "actors/pool/decider.hpp"

namespace understudy::pool {

bool is_configured(const State& state, const Configure& input) {
  return state.configured && state.spec == input.spec &&
         state.cool_down == input.cool_down && state.health == input.health &&
         state.model == input.model && state.environment == input.environment;
}

namespace {

using PoolDraft = Draft<State, Event>;

constexpr std::int64_t min_patience_ms = 1'000;

/// P7.
void reopen_due(PoolDraft& draft) {
  std::vector<Offering> due;
  for (const OfferingState& known : draft.state().offerings) {
    if (known.cooling() && known.cooling_until <= draft.now()) {
      due.push_back(known.offering);
    }
  }
  for (Offering& offering : due)
    draft.emit(PoolReopened{std::move(offering)});
}

void deny(PoolDraft& draft, RequestId id, const OpenRequest& request) {
  draft.emit(CapacityDenied{request.operation, id, request.wanted(),
                            refusals_for(draft.state(), request),
                            earliest_reopening(draft.state())});
}

/// P1. Takes the next step of a request that has no attempt in flight.
void proceed(PoolDraft& draft, RequestId id, const OpenRequest& request) {
  if (request.wanted() == 0) return deny(draft, id, request);
  const Choice choice = choose(draft.state(), request, draft.now());
  if (choice.next == Choice::Next::deny) return deny(draft, id, request);
  if (choice.next == Choice::Next::wait) return;
  const auto number = static_cast<std::uint16_t>(request.attempts + 1);
  draft.emit(LaunchAttempted{request.operation, id, number, choice.offering,
                             choice.count});
}

/// Lets every waiting request go on as far as it can. A step takes budget
/// from later requests and gives none to earlier ones, so once is enough.
void advance(PoolDraft& draft) {
  reopen_due(draft);
  std::vector<RequestId> waiting;
  for (const auto& [id, request] : draft.state().requests) {
    if (!request.attempt) waiting.push_back(id);
  }
  for (const RequestId id : waiting) {
    // A copy: the events of the step change or end the request.
    const OpenRequest request = draft.state().requests.at(id);
    proceed(draft, id, request);
  }
}

void give_back(PoolDraft& draft, RequestId request, std::uint16_t attempt,
               const std::string& provider_ref) {
  if (draft.state().giving_back.contains(provider_ref)) return;
  draft.emit(OrphanReturned{request, attempt, provider_ref});
}

/// Reports what was granted. More than was asked for is nobody's.
void report_grants(PoolDraft& draft, RequestId id, OperationId operation,
                   const Attempt& attempt, std::span<const Grant> granted) {
  const std::size_t taken =
      std::min<std::size_t>(granted.size(), attempt.count);
  if (taken > 0) {
    const State& state = draft.state();
    InstanceLaunched event;
    event.operation = operation;
    event.request = id;
    event.attempt = attempt.number;
    event.offering = attempt.offering;
    for (std::size_t i = 0; i < taken; ++i) {
      event.instances.push_back(
          {InstanceId::make(id, attempt.number, static_cast<std::uint16_t>(i)),
           granted[i].provider_ref, granted[i].address});
    }
    event.model = attempt.model;
    event.max_concurrency = state.spec.max_concurrency;
    event.price_micros_per_hour = state.spec.price_micros_per_hour;
    event.health = state.health;
    draft.emit(std::move(event));
  }
  for (const Grant& grant : granted.subspan(taken)) {
    give_back(draft, id, attempt.number, grant.provider_ref);
  }
}

/// P2. A refusal of a call made before the cool-down began is the same news
/// again: it neither lengthens the cool-down nor raises its level.
void cool_down(PoolDraft& draft, OperationId operation,
               const Offering& offering) {
  const OfferingState* known = find_offering(draft.state(), offering);
  if (!known) return;
  if (known->cooling() && draft.now() < known->cooling_until) return;
  // Operations are numbered by their endpoint: the instant keeps endpoints
  // apart whose operations happen to bear the same number.
  const std::uint64_t seed =
      hash_text(to_string(offering), mix(operation.value)) ^
      static_cast<std::uint64_t>(draft.now().us);
  const std::uint32_t level = known->level + 1;
  const std::int64_t wait_ms =
      cool_down_ms(draft.state().cool_down, level, seed);
  draft.emit(PoolCooledDown{offering, after_ms(draft.now(), wait_ms), level});
}

/// P5.
void defer(PoolDraft& draft, const LaunchOutcome& outcome,
           const Attempt& attempt) {
  const std::int64_t wait_ms =
      std::max<std::int64_t>(outcome.retry_after_ms, min_patience_ms);
  draft.emit(LaunchDeferred{outcome.request, outcome.attempt, attempt.offering,
                            after_ms(draft.now(), wait_ms)});
}

/// P2, P3, P4. What is neither granted nor explained counts as `unknown`:
/// to read it as a shortage would close a healthy offering.
void refuse(PoolDraft& draft, const LaunchOutcome& outcome,
            OperationId operation, const Attempt& attempt,
            std::uint32_t missing) {
  const bool explained = outcome.kind == RefusalKind::capacity ||
                         outcome.kind == RefusalKind::quota ||
                         outcome.kind == RefusalKind::infeasible;
  draft.emit(LaunchRefused{operation, outcome.request, attempt.number,
                           attempt.offering, missing,
                           explained ? outcome.kind : RefusalKind::unknown,
                           outcome.code, outcome.message});
  if (outcome.kind == RefusalKind::capacity) {
    cool_down(draft, operation, attempt.offering);
  }
}

/// An answer to a call that is not in flight. It is a repetition, unless the
/// call is known to have ended without a grant.
void give_back_late(PoolDraft& draft, const LaunchOutcome& input) {
  const auto& ungranted = draft.state().ungranted;
  const AttemptId id{input.request, input.attempt};
  if (std::find(ungranted.begin(), ungranted.end(), id) == ungranted.end()) {
    return;
  }
  for (const Grant& grant : input.granted) {
    give_back(draft, input.request, input.attempt, grant.provider_ref);
  }
}

void handle(PoolDraft& draft, const Configure& input) {
  if (is_configured(draft.state(), input)) return;
  draft.emit(PoolConfigured{input.spec, input.cool_down, input.health,
                            input.model, input.environment});
  advance(draft);
}

void handle(PoolDraft& draft, const Request& input) {
  if (input.count == 0 || input.request <= draft.state().last_request) return;
  draft.emit(LaunchRequested{input.operation, input.request, input.count});
  advance(draft);
}

void handle(PoolDraft& draft, const Cancel& input) {
  const auto found = draft.state().requests.find(input.request);
  if (found == draft.state().requests.end()) return;
  const std::uint32_t count = std::min(input.count, found->second.wanted());
  if (count == 0) return;
  draft.emit(LaunchWithdrawn{input.request, count});
  advance(draft);
}

void handle(PoolDraft& draft, const LaunchOutcome& input) {
  const Attempt* found =
      find_attempt(draft.state(), input.request, input.attempt);
  if (!found) return give_back_late(draft, input);
  const Attempt attempt = *found;
  const OperationId operation =
      draft.state().requests.at(input.request).operation;
  if (input.kind == RefusalKind::unknown) {
    // Whatever it granted, the provider's list will say.
    if (attempt.unconfirmed) return;
    draft.emit(LaunchUnconfirmed{input.request, input.attempt, attempt.offering,
                                 input.message});
    return;
  }
  report_grants(draft, input.request, operation, attempt, input.granted);
  if (input.granted.size() < attempt.count) {
    const auto missing =
        static_cast<std::uint32_t>(attempt.count - input.granted.size());
    if (input.kind == RefusalKind::throttled) {
      defer(draft, input, attempt);
    } else {
      refuse(draft, input, operation, attempt, missing);
    }
  }
  advance(draft);
}

/// P6.
void handle(PoolDraft& draft, const Reconciled& input) {
  const Attempt* found =
      find_attempt(draft.state(), input.request, input.attempt);
  if (!found || !found->unconfirmed) return;
  const Attempt attempt = *found;
  const OperationId operation =
      draft.state().requests.at(input.request).operation;
  report_grants(draft, input.request, operation, attempt, input.found);
  if (input.found.empty()) {
    draft.emit(LaunchRefused{
        operation, input.request, attempt.number, attempt.offering,
        attempt.count, RefusalKind::unknown, "not-launched",
        "no answer to the launch call, and the provider's list holds "
        "nothing of it"});
  }
  advance(draft);
}

void handle(PoolDraft& draft, const OrphanFound& input) {
  if (find_attempt(draft.state(), input.request, input.attempt)) return;
  give_back(draft, input.request, input.attempt, input.provider_ref);
}

void handle(PoolDraft& draft, const OrphanGone& input) {
  if (!draft.state().giving_back.contains(input.provider_ref)) return;
  draft.emit(OrphanReleased{input.provider_ref});
}

void handle(PoolDraft& draft, const DeadlineReached&) { advance(draft); }

}  // namespace

std::vector<Event> Decider::decide(State& state, const Input& input,
                                   Instant now) {
  PoolDraft draft(state, now, &Decider::evolve);
  std::visit([&](const auto& known) { handle(draft, known); }, input);
  return std::move(draft).take();
}

}  // namespace understudy::pool
