#include <algorithm>

#include "actors/instance/decider.hpp"

namespace understudy::instance {

std::vector<Effect> Decider::outstanding(const State& state) {
  switch (state.phase) {
    case Phase::starting:
    case Phase::ready:
      // The same value in both phases, so that becoming ready does not
      // restart the probes and their count.
      return {Watch{state.provider_ref, state.address, state.probe_interval_ms,
                    state.healthy_threshold, state.unhealthy_threshold,
                    state.launched_at, state.ping_path,
                    state.probe_timeout_ms}};
    case Phase::draining:
      return {AwaitDrained{state.address, state.since, state.deadline}};
    case Phase::terminating:
      return {Terminate{state.provider_ref, state.since}};
    case Phase::unknown:
    case Phase::ended:
      break;
  }
  return {};
}

Instant Decider::next_deadline(const State& state) {
  return std::min(state.deadline, state.drain_at);
}

bool Decider::ended(const State& state) { return state.phase == Phase::ended; }

}  // namespace understudy::instance
