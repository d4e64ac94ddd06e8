#include <algorithm>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "actors/autoscaler/decider.hpp"
#include "actors/autoscaler/judgement.hpp"
#include "actors/core/digest.hpp"

namespace understudy::autoscaler {
namespace {

using Events = std::vector<Event>;

constexpr Instant start{1'000'000'000'000};

std::uint32_t draw(std::uint32_t low, std::uint32_t high) {
  return *rc::gen::resize(rc::kNominalSize,
                          rc::gen::inRange<std::uint32_t>(low, high + 1));
}

ScalingPolicy draw_policy() {
  ScalingPolicy policy;
  policy.enabled = draw(0, 9) > 0;
  policy.min_count = draw(0, 4);
  policy.max_count = policy.min_count + draw(0, 20);
  for (std::uint32_t i = draw(1, 2); i > 0; --i) {
    const bool weighted = draw(0, 2) > 0;
    policy.targets.push_back(
        weighted
            ? ScalingTarget{ScalingMetric::weighted_utilisation, draw(1, 1000)}
            : ScalingTarget{ScalingMetric::in_flight_per_instance,
                            draw(1, 20'000)});
  }
  policy.tolerance_milli = draw(0, 300);
  policy.scale_out_windows = draw(0, 3);
  policy.scale_in_windows = draw(0, 4);
  policy.scale_out_cooldown_ms = draw(0, 5) * 60'000;
  policy.scale_in_cooldown_ms = draw(0, 5) * 60'000;
  policy.max_step_out = draw(0, 6);
  policy.max_step_in = draw(0, 6);
  return policy;
}

PoolLoad draw_pool() {
  PoolLoad pool;
  pool.pool = "pool";
  pool.ready = draw(0, 8);
  pool.reporting = draw(0, 3) > 0 ? pool.ready : draw(0, pool.ready);
  pool.max_concurrency = draw(1, 20);
  const std::uint32_t places = pool.reporting * pool.max_concurrency;
  pool.in_flight_milli =
      draw(0, 3) > 0 ? draw(0, places * 1000) : draw(0, 1) * places * 1000;
  return pool;
}

LoadWindow draw_window(Instant now) {
  LoadWindow window;
  window.from = after_ms(now, -60'000);
  window.to = now;
  for (std::uint32_t i = draw(0, 3); i > 0; --i) {
    window.pools.push_back(draw_pool());
    window.desired += window.pools.back().ready;
  }
  if (draw(0, 3) == 0) window.desired = draw(0, 24);
  if (draw(0, 3) == 0) window.queued_milli = draw(0, 200'000);
  window.instances = {{InstanceId{1}, draw(0, 9)}};
  return window;
}

Input draw_input(Instant now) {
  switch (draw(0, 40)) {
    case 0:
      return Configure{draw_policy()};
    case 1:
      return Stop{};
    case 2:
      return DeadlineReached{};
    case 3:  // Late.
      return draw_window(after_ms(now, -60'000 * std::int64_t{draw(1, 5)}));
    default:
      return draw_window(now);
  }
}

/// What holds of every state that events can lead to.
void check_invariants(const State& state) {
  RC_ASSERT(state.windows_above == 0 || state.windows_below == 0);
  RC_ASSERT(state.windows_above <=
            std::max(state.policy.scale_out_windows, 1U));
  RC_ASSERT(state.windows_below <= std::max(state.policy.scale_in_windows, 1U));
  RC_ASSERT(state.windows_idle <= state.windows_below);
  RC_ASSERT(state.windows_idle == 0 || state.policy.min_count == 0);
  RC_ASSERT(!state.scaled_out_at || state.scaled_at);
  RC_ASSERT((state.scaled_out_at <= state.scaled_at));
  RC_ASSERT(!state.stopped || !state.configured);
  RC_ASSERT(state.configured || state.policy == ScalingPolicy{});
  RC_ASSERT(Decider::ended(state) == state.stopped);
  RC_ASSERT(Decider::next_deadline(state) == Instant::never());
  RC_ASSERT(Decider::outstanding(state) == Decider::outstanding(state));
  RC_ASSERT(Decider::outstanding(state).size() ==
            (state.configured && state.policy.enabled ? 1U : 0U));
}

/// Decides on a copy first: the same copy must give the same events, folding
/// them must give the state that deciding left, and the same input again
/// must give nothing.
Events decide_checked(State& state, const Input& input, Instant now) {
  State again = state;
  State folded = state;
  Events events = Decider::decide(state, input, now);
  RC_ASSERT(Decider::decide(again, input, now) == events);
  RC_ASSERT(again == state);
  RC_ASSERT(digest(again) == digest(state));
  for (const Event& event : events) {
    Decider::evolve(folded, event, now);
    check_invariants(folded);
  }
  RC_ASSERT(folded == state);
  RC_ASSERT(Decider::decide(again, input, now).empty());
  RC_ASSERT(again == state);
  return events;
}

/// From none at once, for what waits.
bool woken(const ScalingPolicy& policy, const LoadWindow& window,
           const ScalingDecided& made) {
  return policy.min_count == 0 && made.from == 0 && window.queued_milli > 0;
}

void check_decision(const ScalingPolicy& policy, const LoadWindow& window,
                    const ScalingDecided& made) {
  RC_ASSERT(made.from == window.desired);
  RC_ASSERT(made.desired != made.from);
  RC_ASSERT(made.desired >= policy.min_count);
  RC_ASSERT(made.desired <= policy.max_count);
  std::uint32_t wish = 0;
  for (const Wish& one : made.wishes)
    wish = std::max(wish, one.desired);
  RC_ASSERT(made.limit.empty() == (made.desired == wish));
  // A step may be longer only to come back within the bounds.
  if (made.desired > made.from) {
    RC_ASSERT(made.desired - made.from <= policy.max_step_out ||
              made.desired == policy.min_count);
    RC_ASSERT(wish > made.from || woken(policy, window, made));
    RC_ASSERT(made.in_flight.empty());
  } else {
    RC_ASSERT(made.from - made.desired <= policy.max_step_in ||
              made.desired == policy.max_count);
    RC_ASSERT(wish < made.from);
    RC_ASSERT(made.in_flight.size() == window.instances.size());
    // Unless the policy wants none at all, none is for a variant known idle.
    if (made.desired == 0 && policy.max_count > 0) {
      RC_ASSERT(window.queued_milli == 0U);
      for (const PoolLoad& pool : window.pools)
        RC_ASSERT(pool.ready == std::min(pool.ready, pool.reporting));
    }
  }
}

/// When a cool-down ends.
Instant over(std::optional<Instant> since, std::uint32_t cooldown_ms) {
  return since ? after_ms(*since, cooldown_ms) : start;
}

RC_GTEST_PROP(AutoscalerProperty, any_story_folds_and_keeps_its_limits, ()) {
  State state;
  Instant now = start;
  std::optional<Instant> scaled_at;
  std::optional<Instant> scaled_out_at;
  decide_checked(state, Configure{draw_policy()}, now);
  int decisions = 0;
  for (int i = 0; i < 120; ++i) {
    now = after_ms(now, 60'000);
    const Input input = draw_input(now);
    for (const Event& event : decide_checked(state, input, now)) {
      if (std::holds_alternative<AutoscalerStopped>(event)) {
        scaled_at = scaled_out_at = std::nullopt;
      }
      const auto* made = std::get_if<ScalingDecided>(&event);
      if (made == nullptr) continue;
      ++decisions;
      const ScalingPolicy& policy = state.policy;
      check_decision(policy, std::get<LoadWindow>(input), *made);
      if (made->desired > made->from) {
        RC_ASSERT(now >= over(scaled_out_at, policy.scale_out_cooldown_ms) ||
                  woken(policy, std::get<LoadWindow>(input), *made));
        scaled_out_at = now;
      } else {
        RC_ASSERT(now >= over(scaled_at, policy.scale_in_cooldown_ms));
      }
      scaled_at = now;
    }
  }
  RC_CLASSIFY(decisions > 0);
}

/// One pool whose load is `milli` thousandths of the target.
LoadWindow on_target(const ScalingTarget& target, std::uint32_t ready,
                     std::uint32_t slots, std::uint64_t milli) {
  const bool weighted = target.metric == ScalingMetric::weighted_utilisation;
  LoadWindow window;
  window.desired = ready;
  window.pools = {{"pool", ready, ready, slots,
                   std::uint64_t{ready} * (weighted ? slots : 1) *
                       target.target_milli * milli / 1000}};
  return window;
}

RC_GTEST_PROP(AutoscalerProperty, steady_load_in_band_leaves_nothing, ()) {
  State state;
  ScalingPolicy policy = draw_policy();
  policy.enabled = true;
  policy.targets.resize(1);
  decide_checked(state, Configure{policy}, start);
  const std::uint32_t ready = draw(1, 50);
  const std::uint32_t slots = draw(1, 30);
  Instant now = start;
  for (int i = 0; i < 20; ++i) {
    now = after_ms(now, 60'000);
    // Rounding down to whole thousandths must not leave the band below.
    const std::uint64_t milli = draw(1000, 1000 + policy.tolerance_milli);
    LoadWindow window = on_target(policy.targets[0], ready, slots, milli);
    window.to = now;
    RC_ASSERT(decide_checked(state, window, now).empty());
  }
}

RC_GTEST_PROP(AutoscalerProperty, constant_miss_is_soon_silent, ()) {
  State state;
  ScalingPolicy policy = draw_policy();
  policy.enabled = true;
  policy.min_count = policy.max_count;
  decide_checked(state, Configure{policy}, start);
  LoadWindow window = draw_window(start);
  window.desired = policy.max_count;
  Instant now = start;
  std::size_t events = 0;
  for (int i = 0; i < 100; ++i) {
    now = after_ms(now, 60'000);
    window.to = now;
    events += decide_checked(state, window, now).size();
  }
  RC_ASSERT(events <= 4U);
}

RC_GTEST_PROP(AutoscalerProperty, more_in_flight_never_wishes_less, ()) {
  const ScalingPolicy policy = draw_policy();
  LoadWindow window = draw_window(start);
  std::uint32_t before = judge(policy, window).desired;
  for (int i = 0; i < 20; ++i) {
    if (!window.pools.empty() && draw(0, 1) > 0) {
      const std::size_t last = window.pools.size() - 1;
      window.pools[draw(0, static_cast<std::uint32_t>(last))].in_flight_milli +=
          draw(0, 30'000);
    } else {
      window.queued_milli += draw(0, 30'000);
    }
    const std::uint32_t after = judge(policy, window).desired;
    RC_ASSERT(after >= before);
    before = after;
  }
}

RC_GTEST_PROP(AutoscalerProperty, missing_data_damps_and_never_turns, ()) {
  const ScalingPolicy policy = draw_policy();
  const std::uint32_t ready = draw(1, 20);
  const std::uint32_t slots = draw(1, 20);
  const std::uint64_t each_milli = draw(0, slots * 2000);
  LoadWindow window;
  window.pools = {{"pool", ready, ready, slots, each_milli * ready}};
  const Judgement full = judge(policy, window);
  const std::uint32_t reporting = draw(1, ready);
  window.pools[0].reporting = reporting;
  window.pools[0].in_flight_milli = each_milli * reporting;
  const Judgement part = judge(policy, window);
  RC_ASSERT(part.verdict == full.verdict || part.verdict == Verdict::in_band);
  if (part.verdict == Verdict::above) RC_ASSERT(part.desired <= full.desired);
  if (part.verdict == Verdict::below) RC_ASSERT(part.desired >= full.desired);
}

/// The load is constant and the fleet follows: it must come to rest, with
/// all of the load served at no more than the top of the band.
RC_GTEST_PROP(AutoscalerProperty, constant_load_comes_to_rest, ()) {
  ScalingPolicy policy = draw_policy();
  policy.enabled = true;
  policy.targets = {{ScalingMetric::weighted_utilisation, draw(300, 900)}};
  policy.min_count = 1;
  policy.max_count = 1'000;
  policy.max_step_out = draw(1, 50);
  policy.max_step_in = draw(1, 50);
  State state;
  decide_checked(state, Configure{policy}, start);
  const std::uint32_t slots = draw(1, 20);
  const std::uint64_t load_milli = draw(0, 200'000);
  std::uint32_t fleet = draw(1, 60);
  Instant now = start;
  int quiet = 0;
  for (int i = 0; i < 4'000 && quiet < 60; ++i) {
    now = after_ms(now, 60'000);
    LoadWindow window;
    window.to = now;
    window.desired = fleet;
    window.pools = {{"pool", fleet, fleet, slots, load_milli}};
    ++quiet;
    for (const Event& event : decide_checked(state, window, now)) {
      if (const auto* made = std::get_if<ScalingDecided>(&event)) {
        fleet = made->desired;
        quiet = 0;
      }
    }
  }
  RC_ASSERT(quiet == 60);
  const std::uint64_t places = std::uint64_t{fleet} * slots;
  const std::uint64_t top_milli = 1000 + policy.tolerance_milli;
  RC_ASSERT(load_milli * 1000 <=
            places * policy.targets[0].target_milli * top_milli);
}

}  // namespace
}  // namespace understudy::autoscaler
