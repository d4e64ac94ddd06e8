#include <algorithm>
#include <limits>

#include "actors/pool/choice.hpp"
#include "actors/pool/decider.hpp"

namespace understudy::pool {

std::vector<Effect> Decider::outstanding(const State& state) {
  std::vector<Effect> effects;
  for (const auto& [id, request] : state.requests) {
    if (!request.attempt) continue;
    const Attempt& attempt = *request.attempt;
    if (attempt.unconfirmed) {
      effects.emplace_back(Reconcile{id, attempt.number, attempt.offering,
                                     attempt.requested_at});
    } else {
      effects.emplace_back(
          Launch{request.operation, id, attempt.number, attempt.offering,
                 attempt.count, attempt.model, attempt.requested_at,
                 attempt.environment, attempt.max_concurrency});
    }
  }
  for (const auto& [provider_ref, since] : state.giving_back) {
    effects.emplace_back(GiveBack{provider_ref, since});
  }
  return effects;
}

Instant Decider::next_deadline(const State& state) {
  Instant earliest = Instant::never();
  for (const OfferingState& known : state.offerings) {
    if (known.cooling()) earliest = std::min(earliest, known.cooling_until);
  }
  // P5. Patience ends at an instant only where somebody is being patient.
  constexpr Instant before_all{std::numeric_limits<std::int64_t>::min()};
  for (const auto& [id, request] : state.requests) {
    if (request.attempt) continue;
    const Choice choice = choose(state, request, before_all);
    if (choice.next == Choice::Next::wait) {
      earliest = std::min(earliest, choice.until);
    }
  }
  return earliest;
}

bool Decider::ended(const State& state) {
  // Asked after every event, so what tells most states is asked first.
  return !state.configured && state == State{};
}

}  // namespace understudy::pool
