#include <algorithm>
#include <optional>
#include <utility>

#include "actors/autoscaler/configured.hpp"
#include "actors/autoscaler/decider.hpp"
#include "actors/autoscaler/judgement.hpp"
#include "actors/core/decider.hpp"

namespace understudy::autoscaler {

bool is_configured(const State& state, const Configure& input) {
  return state.configured ? state.policy == input.policy
                          : !input.policy.enabled;
}

bool is_stopped(const State& state) { return !state.configured; }

namespace {

using Decision = Draft<State, Event>;

/// Windows in a row on either side of the band; `idle` ones are below it.
struct Misses {
  std::uint32_t above = 0;
  std::uint32_t below = 0;
  std::uint32_t idle = 0;
  friend bool operator==(const Misses&, const Misses&) = default;
};

std::uint32_t needed_above(const ScalingPolicy& policy) {
  return std::max(policy.scale_out_windows, 1U);
}

std::uint32_t needed_below(const ScalingPolicy& policy) {
  return std::max(policy.scale_in_windows, 1U);
}

/// Known to be without load: what did not report may have some.
bool idle(const Totals& totals) {
  return totals.reporting == totals.ready && totals.in_flight_milli == 0 &&
         totals.queued_milli == 0;
}

/// Counts no further than the policy asks: a miss that cannot be answered
/// (at a limit, within a cool-down) may last for days and must not fill the
/// log.
Misses count(const State& state, const Judgement& judgement) {
  Misses misses;
  const Verdict verdict = judgement.verdict;
  if (verdict == Verdict::above) {
    misses.above =
        std::min(state.windows_above + 1, needed_above(state.policy));
  } else if (verdict == Verdict::below) {
    const std::uint32_t needed = needed_below(state.policy);
    misses.below = std::min(state.windows_below + 1, needed);
    if (state.policy.min_count == 0 && idle(judgement.totals))
      misses.idle = std::min(state.windows_idle + 1, needed);
  }
  return misses;
}

bool cooled_down(std::optional<Instant> since, std::uint32_t cooldown_ms,
                 Instant now) {
  return !since || now >= after_ms(*since, cooldown_ms);
}

/// A count and what bounded it. The minimum and maximum win over the step.
struct Bounded {
  std::uint32_t desired = 0;
  std::string limit;

  void at_most(std::uint32_t bound, const char* name) {
    if (desired <= bound) return;
    desired = bound;
    limit = name;
  }

  void at_least(std::uint32_t bound, const char* name) {
    if (desired >= bound) return;
    desired = bound;
    limit = name;
  }
};

std::uint32_t plus(std::uint32_t a, std::uint32_t b) {
  return a + std::min(b, ~a);
}

Bounded bound(const ScalingPolicy& policy, std::uint32_t from,
              std::uint32_t wish) {
  Bounded bounded{wish, {}};
  bounded.at_most(plus(from, policy.max_step_out), "step");
  bounded.at_least(from - std::min(from, policy.max_step_in), "step");
  bounded.at_most(policy.max_count, "max");
  bounded.at_least(policy.min_count, "min");
  if (bounded.desired == wish) bounded.limit.clear();
  return bounded;
}

std::optional<ScalingDecided> scale_out(const State& state,
                                        const LoadWindow& window,
                                        const Judgement& judgement,
                                        Instant now) {
  const ScalingPolicy& policy = state.policy;
  // What is already on its way is part of `desired`.
  if (judgement.desired <= window.desired) return std::nullopt;
  if (!cooled_down(state.scaled_out_at, policy.scale_out_cooldown_ms, now)) {
    return std::nullopt;
  }
  Bounded bounded = bound(policy, window.desired, judgement.desired);
  if (bounded.desired <= window.desired) return std::nullopt;
  return ScalingDecided{window.desired,
                        bounded.desired,
                        judgement.wishes,
                        std::move(bounded.limit),
                        {}};
}

/// Nothing is wanted, and something waits: no window more and no cool-down
/// stands between a request and its first instance.
bool wakes(const ScalingPolicy& policy, const LoadWindow& window) {
  return policy.min_count == 0 && window.desired == 0 &&
         window.queued_milli > 0;
}

std::optional<ScalingDecided> wake(const ScalingPolicy& policy,
                                   const Judgement& judgement) {
  const std::uint32_t wish = std::max(judgement.desired, 1U);
  Bounded bounded = bound(policy, 0, wish);
  if (bounded.desired == 0) return std::nullopt;
  if (judgement.desired == 0) bounded.limit = "queue";
  return ScalingDecided{
      0, bounded.desired, judgement.wishes, std::move(bounded.limit), {}};
}

std::optional<ScalingDecided> scale_in(const State& state,
                                       const LoadWindow& window,
                                       const Judgement& judgement, bool to_none,
                                       Instant now) {
  const ScalingPolicy& policy = state.policy;
  if (judgement.desired >= window.desired) return std::nullopt;
  // While some are still to come, the load says little about the whole.
  if (judgement.totals.ready < window.desired) return std::nullopt;
  if (!cooled_down(state.scaled_at, policy.scale_in_cooldown_ms, now)) {
    return std::nullopt;
  }
  Bounded bounded = bound(policy, window.desired, judgement.desired);
  if (!to_none) bounded.at_least(std::min(1U, policy.max_count), "idle");
  if (bounded.desired >= window.desired) return std::nullopt;
  ScalingDecided decided{window.desired,
                         bounded.desired,
                         judgement.wishes,
                         std::move(bounded.limit),
                         {}};
  for (const InstanceLoad& load : window.instances) {
    decided.in_flight.push_back({load.instance, load.in_flight});
  }
  return decided;
}

std::optional<ScalingDecided> resolve(const State& state,
                                      const LoadWindow& window,
                                      const Judgement& judgement, Misses misses,
                                      Instant now) {
  if (misses.above >= needed_above(state.policy)) {
    return scale_out(state, window, judgement, now);
  }
  const std::uint32_t needed = needed_below(state.policy);
  if (misses.below >= needed) {
    return scale_in(state, window, judgement, misses.idle >= needed, now);
  }
  return std::nullopt;
}

LoadObserved observed(const LoadWindow& window, const Totals& totals,
                      Misses misses) {
  return {window.from,
          window.to,
          window.desired,
          totals.ready,
          totals.reporting,
          totals.capacity,
          totals.in_flight_milli,
          totals.queued_milli,
          totals.utilisation_milli,
          misses.above,
          misses.below,
          misses.idle};
}

struct Decide {
  Decision& decision;

  /// A disabled policy asks nothing of one that does not exist.
  void operator()(const Configure& input) const {
    if (is_configured(decision.state(), input)) return;
    decision.emit(AutoscalerConfigured{input.policy});
  }

  void operator()(const Stop&) const {
    if (!is_stopped(decision.state())) decision.emit(AutoscalerStopped{});
  }

  /// A1, A2.
  void operator()(const LoadWindow& window) const {
    const State& state = decision.state();
    if (!state.configured || !state.policy.enabled) return;
    if (state.seen_to && window.to <= *state.seen_to) return;

    const Judgement judgement = judge(state.policy, window);
    const bool waking = wakes(state.policy, window);
    const bool no_data = judgement.verdict == Verdict::no_data;
    if (no_data && !waking) return;

    const Misses before{state.windows_above, state.windows_below,
                        state.windows_idle};
    const Misses misses = no_data ? before : count(state, judgement);
    std::optional<ScalingDecided> decided =
        waking ? wake(state.policy, judgement)
               : resolve(state, window, judgement, misses, decision.now());
    if (misses == before && !decided) return;
    decision.emit(observed(window, judgement.totals, misses));
    if (decided) decision.emit(*std::move(decided));
  }

  void operator()(const DeadlineReached&) const {}
};

}  // namespace

std::vector<Event> Decider::decide(State& state, const Input& input,
                                   Instant now) {
  Decision decision(state, now, &Decider::evolve);
  std::visit(Decide{decision}, input);
  return std::move(decision).take();
}

}  // namespace understudy::autoscaler
