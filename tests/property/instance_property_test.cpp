#include <algorithm>
#include <cstdint>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "actors/core/digest.hpp"
#include "actors/instance/decider.hpp"

namespace understudy::instance {
namespace {

using Events = std::vector<Event>;

HealthPolicy draw_health() {
  HealthPolicy health;
  health.healthy_threshold = *rc::gen::inRange<std::uint32_t>(0, 4);
  health.unhealthy_threshold = *rc::gen::inRange<std::uint32_t>(0, 4);
  health.startup_timeout_ms = *rc::gen::inRange<std::uint32_t>(0, 40'000);
  health.drain_timeout_ms = *rc::gen::inRange<std::uint32_t>(0, 20'000);
  return health;
}

Launched draw_launch() {
  Launched launch;
  launch.provider_ref = "ref";
  launch.address = "address";
  launch.health = draw_health();
  return launch;
}

/// Instants around the story's own, now and then far outside of it.
Instant draw_instant(Instant now) {
  if (*rc::gen::inRange(0, 20) == 0) {
    return *rc::gen::element(Instant{INT64_MIN}, Instant{}, Instant::never());
  }
  return after_ms(now, *rc::gen::inRange<std::int64_t>(-20'000, 60'000));
}

Input draw_input(Instant now) {
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      return draw_launch();
    case 1:
      return Drain{"reason"};
    case 2:
      return ReclaimNotice{draw_instant(now)};
    case 3:
      return DrainFinished{*rc::gen::inRange<std::uint32_t>(0, 3)};
    case 4:
      return *rc::gen::inRange(0, 3) == 0 ? Input(Gone{"detail"})
                                          : Input(DeadlineReached{});
    case 5:
    case 6:
      return DeadlineReached{};
    default:
      return ProbeReport{*rc::gen::inRange(0, 3) > 0,
                         *rc::gen::inRange(0, 15) == 0,
                         *rc::gen::inRange<std::uint32_t>(0, 5), "detail"};
  }
}

/// What holds of every state that events can lead to.
void check_invariants(const State& state) {
  const bool live =
      state.phase == Phase::starting || state.phase == Phase::ready;
  const bool asleep =
      state.phase == Phase::unknown || state.phase == Phase::ended;
  RC_ASSERT(Decider::outstanding(state).size() == (asleep ? 0U : 1U));
  RC_ASSERT(Decider::outstanding(state) == Decider::outstanding(state));
  RC_ASSERT(live || state.drain_at == Instant::never());
  RC_ASSERT(state.phase == Phase::starting || state.phase == Phase::draining ||
            state.deadline == Instant::never());
  RC_ASSERT(state.phase != Phase::draining ||
            state.deadline <= state.reclaim_at);
  RC_ASSERT(Decider::ended(state) == (state.phase == Phase::ended));
  RC_ASSERT(!asleep || Decider::next_deadline(state) == Instant::never());
}

/// Decides on a copy first: the same copy must give the same events, and
/// folding them must give the state that deciding left.
Events decide_checked(State& state, const Input& input, Instant now) {
  State again = state;
  State folded = state;
  Events events = Decider::decide(state, input, now);
  RC_ASSERT(Decider::decide(again, input, now) == events);
  for (const Event& event : events) {
    Decider::evolve(folded, event, now);
    check_invariants(folded);
  }
  RC_ASSERT(folded == state);
  RC_ASSERT(again == state);
  RC_ASSERT(digest(again) == digest(state));
  return events;
}

RC_GTEST_PROP(InstanceProperty, any_story_folds_and_stays_valid, ()) {
  State state;
  Instant now{1'000'000'000'000};
  const int steps = *rc::gen::inRange(1, 300);
  std::vector<Event> log;
  std::vector<Instant> times;
  for (int i = 0; i < steps; ++i) {
    const Input input = draw_input(now);
    for (const Event& event : decide_checked(state, input, now)) {
      log.push_back(event);
      times.push_back(now);
    }
    now = after_ms(now, *rc::gen::inRange<std::int64_t>(0, 5'000));
    if (Decider::ended(state) && *rc::gen::inRange(0, 4) == 0) {
      state = {};
      log.clear();
      times.clear();
    }
  }
  State replayed;
  for (std::size_t i = 0; i < log.size(); ++i) {
    Decider::evolve(replayed, log[i], times[i]);
    check_invariants(replayed);
  }
  RC_ASSERT(replayed == state);
}

RC_GTEST_PROP(InstanceProperty, the_same_input_again_gives_nothing, ()) {
  State state;
  Instant now{1'000'000'000'000};
  decide_checked(state, draw_launch(), now);
  for (int i = 0; i < 60; ++i) {
    const Input input = draw_input(now);
    decide_checked(state, input, now);
    // One instant may hold two deadlines: another property bounds them.
    if (!std::holds_alternative<DeadlineReached>(input)) {
      RC_ASSERT(decide_checked(state, input, now).empty());
    }
    now = after_ms(now, *rc::gen::inRange<std::int64_t>(0, 5'000));
  }
}

RC_GTEST_PROP(InstanceProperty, deadlines_come_to_an_end, ()) {
  State state;
  Instant now{1'000'000'000'000};
  decide_checked(state, draw_launch(), now);
  for (int i = 0; i < 20; ++i) {
    decide_checked(state, draw_input(now), now);
    int fired = 0;
    while (Decider::next_deadline(state) <= now) {
      RC_ASSERT(!decide_checked(state, DeadlineReached{}, now).empty());
      RC_ASSERT(++fired <= 2);
    }
    // Before its instant a deadline means nothing.
    RC_ASSERT(decide_checked(state, DeadlineReached{}, now).empty());
    now = after_ms(now, *rc::gen::inRange<std::int64_t>(0, 5'000));
  }
}

RC_GTEST_PROP(InstanceProperty, every_life_ends_whatever_happens, ()) {
  State state;
  Instant now{1'000'000'000'000};
  decide_checked(state, draw_launch(), now);
  for (int i = *rc::gen::inRange(0, 40); i > 0; --i) {
    decide_checked(state, draw_input(now), now);
    now = after_ms(now, *rc::gen::inRange<std::int64_t>(0, 5'000));
  }
  decide_checked(state, Drain{"deleted"}, now);
  while (Decider::next_deadline(state) != Instant::never()) {
    now = std::max(now, Decider::next_deadline(state));
    decide_checked(state, DeadlineReached{}, now);
  }
  decide_checked(state, Gone{}, now);
  RC_ASSERT(Decider::ended(state));
}

}  // namespace
}  // namespace understudy::instance
