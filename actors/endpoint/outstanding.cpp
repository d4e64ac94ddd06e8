#include <algorithm>

#include "actors/endpoint/deadlines.hpp"
#include "actors/endpoint/decider.hpp"
#include "actors/endpoint/queries.hpp"

namespace understudy::endpoint {

std::vector<Effect> Decider::outstanding(const State&) { return {}; }

Instant Decider::next_deadline(const State& state) {
  Instant due = Instant::never();
  if (!active(state)) return due;
  for (const auto& [id, operation] : state.operations)
    due = std::min(due, operation.deadline);
  for (const NextWalk& walk : next_walks(state))
    due = std::min(due, walk.at);
  for (const auto& [name, variant] : state.variants) {
    due = std::min(due, return_due(state, name).at);
  }
  return due;
}

bool Decider::ended(const State& state) {
  // Asked after every event, so what tells most states is asked first.
  return state.status == Status::absent && state == State{};
}

}  // namespace understudy::endpoint
