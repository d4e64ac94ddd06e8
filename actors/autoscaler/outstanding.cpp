#include "actors/autoscaler/decider.hpp"

namespace understudy::autoscaler {

std::vector<Effect> Decider::outstanding(const State& state) {
  if (!state.configured || !state.policy.enabled) return {};
  return {Meter{state.policy.window_ms}};
}

Instant Decider::next_deadline(const State&) {
  // Windows of load are its clock.
  return Instant::never();
}

bool Decider::ended(const State& state) { return state.stopped; }

}  // namespace understudy::autoscaler
