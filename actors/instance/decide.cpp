#include <algorithm>
#include <string>
#include <utility>

#include "actors/core/decider.hpp"
#include "actors/instance/decider.hpp"

namespace understudy::instance {
namespace {

using Decision = Draft<State, Event>;

/// Probed, and not yet asked to end.
bool is_live(const State& state) {
  return state.phase == Phase::starting || state.phase == Phase::ready;
}

/// I5. One that never served has nothing in flight to wait for.
void start_drain(Decision& decision, std::string reason, Instant deadline) {
  const bool served = decision.state().phase == Phase::ready;
  decision.emit(InstanceDraining{std::move(reason), deadline});
  if (!served) decision.emit(InstanceDrained{});
}

std::string late_start(const State& state) {
  return "not ready " +
         std::to_string(ms_between(state.launched_at, state.deadline)) +
         " ms after its launch";
}

/// What a passed deadline asks for: one step, since each step leads to a
/// phase with a deadline of its own.
void pass_deadline(Decision& decision) {
  const State& state = decision.state();
  if (decision.now() < Decider::next_deadline(state)) return;
  if (state.phase == Phase::draining) {
    decision.emit(InstanceDrained{.timed_out = true});
  } else if (is_live(state) && state.drain_at <= decision.now()) {
    start_drain(decision, "reclaimed", state.reclaim_at);
  } else if (state.phase == Phase::starting) {
    decision.emit(
        InstanceStartFailed{.detail = late_start(state), .timed_out = true});
  }
}

struct Decide {
  Decision& decision;

  /// I1.
  void operator()(const Launched& input) const {
    if (decision.state().phase != Phase::unknown) return;
    decision.emit(InstanceRegistered{
        input.offering, input.variant, input.pool, input.provider_ref,
        input.address, input.model, input.max_concurrency,
        input.price_micros_per_hour, input.health,
        after_ms(decision.now(), input.health.startup_timeout_ms)});
  }

  /// I5.
  void operator()(const Drain& input) const {
    const State& state = decision.state();
    if (!is_live(state)) return;
    const Instant allowed = after_ms(decision.now(), state.drain_timeout_ms);
    start_drain(decision, input.reason, std::min(allowed, state.reclaim_at));
  }

  /// I1, I2, I3. Bad probes of one that is starting are what a model that
  /// still loads looks like: only its end or its deadline fails a start.
  void operator()(const ProbeReport& input) const {
    const State& state = decision.state();
    if (state.phase == Phase::starting) {
      if (input.failed_start) {
        decision.emit(InstanceStartFailed{.detail = input.detail});
      } else if (input.healthy &&
                 input.consecutive >= state.healthy_threshold) {
        decision.emit(InstanceReady{
            input.consecutive, ms_between(state.launched_at, decision.now())});
      }
    } else if (state.phase == Phase::ready) {
      if (!input.healthy && input.consecutive >= state.unhealthy_threshold) {
        decision.emit(InstanceUnhealthy{input.consecutive, input.detail});
      }
    }
  }

  /// I4. Only an earlier instant is news: a notice that comes twice, or out
  /// of order, must not postpone what was already promised.
  void operator()(const ReclaimNotice& input) const {
    const State& state = decision.state();
    const Instant now = decision.now();
    if (state.phase == Phase::draining) {
      if (input.reclaim_at >= state.deadline) return;
      decision.emit(ReclaimNoticed{input.reclaim_at, now});
    } else if (is_live(state)) {
      if (input.reclaim_at >= state.reclaim_at) return;
      decision.emit(ReclaimNoticed{input.reclaim_at, drain_start(input)});
    } else {
      return;
    }
    pass_deadline(decision);
  }

  /// I5.
  void operator()(const DrainFinished& input) const {
    const State& state = decision.state();
    if (state.phase != Phase::draining) return;
    // Requests are left only when the data path gave up at the deadline.
    decision.emit(InstanceDrained{.in_flight = input.in_flight,
                                  .timed_out = input.in_flight != 0});
  }

  /// The end that was asked for, or that was announced and drained for, is a
  /// termination; every other end is a loss.
  void operator()(const Gone& input) const {
    const State& state = decision.state();
    if (state.phase == Phase::unknown || state.phase == Phase::ended) return;
    const std::int64_t lived_ms = ms_between(state.launched_at, decision.now());
    const bool announced =
        state.phase == Phase::draining && state.reclaim_at != Instant::never();
    if (announced || state.phase == Phase::terminating) {
      decision.emit(InstanceTerminated{lived_ms});
    } else {
      decision.emit(InstanceLost{input.detail, lived_ms});
    }
  }

  void operator()(const DeadlineReached&) const { pass_deadline(decision); }

 private:
  /// Late enough to serve as long as possible, early enough to finish what
  /// is in flight.
  [[nodiscard]] Instant drain_start(const ReclaimNotice& input) const {
    const Instant now = decision.now();
    if (input.reclaim_at <= now) return now;
    const std::int64_t timeout_ms = decision.state().drain_timeout_ms;
    return std::max(now, after_ms(input.reclaim_at, -timeout_ms));
  }
};

}  // namespace

std::vector<Event> Decider::decide(State& state, const Input& input,
                                   Instant now) {
  Decision decision(state, now, &Decider::evolve);
  std::visit(Decide{decision}, input);
  return std::move(decision).take();
}

}  // namespace understudy::instance
