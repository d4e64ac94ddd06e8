#include <algorithm>

#include "actors/instance/decider.hpp"

namespace understudy::instance {
namespace {

void terminate(State& state, Instant at) {
  state.phase = Phase::terminating;
  state.since = at;
  state.deadline = Instant::never();
  state.drain_at = Instant::never();
  state.address = {};
  state.ping_path = {};
}

void end(State& state) {
  state = {};
  state.phase = Phase::ended;
}

struct Apply {
  State& state;
  Instant at;

  void operator()(const InstanceRegistered& event) const {
    state = {};
    state.phase = Phase::starting;
    state.probe_interval_ms = event.health.probe_interval_ms;
    state.healthy_threshold = event.health.healthy_threshold;
    state.unhealthy_threshold = event.health.unhealthy_threshold;
    state.drain_timeout_ms = event.health.drain_timeout_ms;
    state.probe_timeout_ms = event.health.timeout_ms();
    state.ping_path = event.health.ping();
    state.provider_ref = event.provider_ref;
    state.address = event.address;
    state.launched_at = at;
    state.deadline = event.startup_deadline;
  }

  void operator()(const InstanceReady&) const {
    state.phase = Phase::ready;
    state.deadline = Instant::never();
  }

  void operator()(const InstanceStartFailed&) const { terminate(state, at); }

  void operator()(const InstanceUnhealthy&) const { terminate(state, at); }

  void operator()(const ReclaimNoticed& event) const {
    state.reclaim_at = event.reclaim_at;
    if (state.phase == Phase::draining) {
      state.deadline = std::min(state.deadline, event.reclaim_at);
    } else {
      state.drain_at = event.drain_at;
    }
  }

  void operator()(const InstanceDraining& event) const {
    state.phase = Phase::draining;
    state.since = at;
    state.deadline = event.deadline;
    state.drain_at = Instant::never();
  }

  void operator()(const InstanceDrained&) const { terminate(state, at); }

  void operator()(const InstanceTerminated&) const { end(state); }

  void operator()(const InstanceLost&) const { end(state); }
};

}  // namespace

void Decider::evolve(State& state, const Event& event, Instant at) {
  std::visit(Apply{state, at}, event);
}

}  // namespace understudy::instance
