#include "actors/autoscaler/decider.hpp"

namespace understudy::autoscaler {
namespace {

struct Apply {
  State& state;
  Instant at;

  /// Misses were counted against the old targets; cool-downs go on.
  void operator()(const AutoscalerConfigured& event) const {
    state.configured = true;
    state.stopped = false;
    state.policy = event.policy;
    state.windows_above = 0;
    state.windows_below = 0;
    state.windows_idle = 0;
  }

  /// Nothing of it lives on, so that one that is configured again answers
  /// like one that was never there.
  void operator()(const AutoscalerStopped&) const {
    state = {};
    state.stopped = true;
  }

  void operator()(const LoadObserved& event) const {
    state.seen_to = event.to;
    state.windows_above = event.windows_above;
    state.windows_below = event.windows_below;
    state.windows_idle = event.windows_idle;
  }

  void operator()(const ScalingDecided& event) const {
    state.windows_above = 0;
    state.windows_below = 0;
    state.windows_idle = 0;
    state.scaled_at = at;
    if (event.desired > event.from) state.scaled_out_at = at;
  }
};

}  // namespace

void Decider::evolve(State& state, const Event& event, Instant at) {
  std::visit(Apply{state, at}, event);
}

}  // namespace understudy::autoscaler
