#include "actors/autoscaler/decider.hpp"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "actors/core/decider.hpp"
#include "actors/core/digest.hpp"
#include "tests/unit/autoscaler/story.hpp"

namespace understudy::autoscaler {
namespace {

static_assert(understudy::Decider<autoscaler::Decider>);

TEST(AutoscalerDecider, A1_configured_once_per_policy) {
  State state;
  const ScalingPolicy first = policy();
  EXPECT_EQ(Decider::decide(state, Configure{first}, minute(0)),
            (Events{AutoscalerConfigured{first}}));
  EXPECT_EQ(Decider::decide(state, Configure{first}, minute(1)), Events{});
  ScalingPolicy second = first;
  second.max_count = 40;
  EXPECT_EQ(Decider::decide(state, Configure{second}, minute(2)),
            (Events{AutoscalerConfigured{second}}));
}

TEST(AutoscalerDecider, A1_disabled_from_the_start_leaves_no_trace) {
  ScalingPolicy off = policy();
  off.enabled = false;
  State state;
  EXPECT_EQ(Decider::decide(state, Configure{off}, minute(0)), Events{});
  EXPECT_EQ(state, State{});
}

TEST(AutoscalerDecider, A1_disabled_later_ignores_load) {
  Story story(policy());
  ScalingPolicy off = policy();
  off.enabled = false;
  EXPECT_EQ(story.when(1, Configure{off}).size(), 1U);
  EXPECT_TRUE(Decider::outstanding(story.state).empty());
  EXPECT_EQ(story.when(window(2, {preferred(2, 40)})), Events{});
}

TEST(AutoscalerDecider, A1_meters_while_it_scales) {
  EXPECT_TRUE(Decider::outstanding(State{}).empty());
  Story story(policy());
  EXPECT_EQ(Decider::outstanding(story.state),
            (std::vector<Effect>{Meter{60'000}}));
  EXPECT_EQ(Decider::next_deadline(story.state), Instant::never());
  story.when(1, Stop{});
  EXPECT_TRUE(Decider::outstanding(story.state).empty());
}

TEST(AutoscalerDecider, A1_stopped_is_over_until_configured_again) {
  Story story(policy());
  EXPECT_EQ(story.when(1, Stop{}), (Events{AutoscalerStopped{}}));
  EXPECT_TRUE(Decider::ended(story.state));
  EXPECT_EQ(story.when(1, Stop{}), Events{});
  EXPECT_EQ(story.when(window(2, {preferred(2, 40)})), Events{});
  EXPECT_EQ(story.when(3, Configure{policy()}).size(), 1U);
  EXPECT_FALSE(Decider::ended(story.state));
  EXPECT_EQ(decided(story.when(window(4, {preferred(2, 40)}))), 3U);
}

TEST(AutoscalerDecider, A1_unknown_ignores_load_and_stop) {
  State state;
  EXPECT_EQ(Decider::decide(state, Stop{}, minute(0)), Events{});
  EXPECT_EQ(Decider::decide(state, window(1, {preferred(2, 40)}), minute(1)),
            Events{});
  EXPECT_EQ(Decider::decide(state, DeadlineReached{}, minute(1)), Events{});
  EXPECT_EQ(state, State{});
}

TEST(AutoscalerDecider, A1_steady_load_leaves_nothing_in_the_log) {
  Story story(policy());
  for (int n = 1; n < 100; ++n) {
    EXPECT_EQ(story.when(window(n, {preferred(10, 140)})), Events{});
  }
}

TEST(AutoscalerDecider, A1_observed_with_its_numbers_once_per_change) {
  Story story(policy());
  const LoadWindow low = window(1, {preferred(20, 200), fallback(1, 8)}, 1);
  EXPECT_EQ(story.when(low),
            (Events{LoadObserved{minute(0), minute(1), 21, 21, 21, 408, 208'000,
                                 1'000, 512, 0, 1}}));
  EXPECT_EQ(story.when(low), Events{});
  // Back in band: said once.
  const LoadWindow good = window(2, {preferred(20, 284), fallback(1, 8)});
  EXPECT_EQ(story.when(good),
            (Events{LoadObserved{minute(1), minute(2), 21, 21, 21, 408, 292'000,
                                 0, 715, 0, 0}}));
  EXPECT_EQ(story.when(window(3, {preferred(20, 284)})), Events{});
}

TEST(AutoscalerDecider, A1_older_window_than_the_recorded_one_is_stale) {
  Story story(policy());
  EXPECT_EQ(story.when(window(5, {preferred(10, 80)})).size(), 1U);
  EXPECT_EQ(story.when(window(4, {preferred(10, 200)})), Events{});
  EXPECT_EQ(story.when(window(5, {preferred(10, 200)})), Events{});
}

TEST(AutoscalerDecider, A1_windows_without_data_neither_count_nor_break) {
  Story story(policy());
  LoadWindow mute = window(2, {preferred(10, 0)});
  mute.pools[0].reporting = 0;
  story.when(window(1, {preferred(10, 80)}));
  EXPECT_EQ(story.when(mute), Events{});
  EXPECT_EQ(story.state.windows_below, 1U);
}

TEST(AutoscalerDecider, A2_scale_out_says_every_number) {
  Story story(policy());
  const LoadWindow high = window(1, {preferred(10, 180)});
  EXPECT_EQ(story.when(high),
            (Events{LoadObserved{minute(0), minute(1), 10, 10, 10, 200, 180'000,
                                 0, 900, 1, 0},
                    ScalingDecided{
                        10,
                        13,
                        {{ScalingMetric::weighted_utilisation, 700, 900, 13}},
                        "",
                        {}}}));
  EXPECT_EQ(story.state.windows_above, 0U);
}

TEST(AutoscalerDecider, A2_scale_in_takes_its_windows_in_a_row) {
  Story story(policy());
  LoadWindow low = window(1, {preferred(10, 80)});
  low.instances = {{InstanceId::make({1}, 1, 0), 3},
                   {InstanceId::make({1}, 1, 1), 0}};
  const auto shift = [&low](int n) {
    low.from = minute(n - 1);
    low.to = minute(n);
    return low;
  };
  EXPECT_EQ(decided(story.when(shift(1))), 0U);
  EXPECT_EQ(decided(story.when(shift(2))), 0U);
  EXPECT_EQ(story.when(window(3, {preferred(10, 140)})).size(), 1U);
  EXPECT_EQ(decided(story.when(shift(4))), 0U);
  EXPECT_EQ(decided(story.when(shift(5))), 0U);
  const Events events = story.when(shift(6));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(
      std::get<ScalingDecided>(events[1]),
      (ScalingDecided{
          10,
          6,
          {{ScalingMetric::weighted_utilisation, 700, 400, 6}},
          "",
          {{low.instances[0].instance, 3}, {low.instances[1].instance, 0}}}));
}

TEST(AutoscalerDecider, A2_other_side_starts_its_own_count) {
  ScalingPolicy slow = policy();
  slow.scale_out_windows = 2;
  Story story(slow);
  story.when(window(1, {preferred(10, 180)}));
  story.when(window(2, {preferred(10, 80)}));
  EXPECT_EQ(story.state.windows_above, 0U);
  EXPECT_EQ(story.state.windows_below, 1U);
  EXPECT_EQ(decided(story.when(window(3, {preferred(10, 180)}))), 0U);
  EXPECT_EQ(decided(story.when(window(4, {preferred(10, 180)}))), 13U);
}

TEST(AutoscalerDecider, A2_instances_on_their_way_count) {
  Story story(policy());
  LoadWindow high = window(1, {preferred(10, 180)});
  high.desired = 13;
  EXPECT_EQ(story.when(high).size(), 1U);
  high.to = minute(2);
  EXPECT_EQ(story.when(high), Events{});
  high.to = minute(3);
  high.desired = 12;
  EXPECT_EQ(decided(story.when(high)), 13U);
}

TEST(AutoscalerDecider, A2_no_scale_in_while_some_are_to_come) {
  ScalingPolicy quick = policy();
  quick.scale_in_windows = 1;
  Story story(quick);
  LoadWindow low = window(1, {preferred(10, 80)});
  low.desired = 11;
  EXPECT_EQ(decided(story.when(low)), 0U);
  EXPECT_EQ(decided(story.when(window(2, {preferred(10, 80)}))), 6U);
}

TEST(AutoscalerDecider, A2_scale_out_cool_down_counts_from_the_last_one) {
  ScalingPolicy cool = policy();
  cool.scale_out_cooldown_ms = 120'000;
  Story story(cool);
  EXPECT_EQ(decided(story.when(window(1, {preferred(10, 180)}))), 13U);
  EXPECT_EQ(story.when(window(2, {preferred(13, 240)})).size(), 1U);
  EXPECT_EQ(decided(story.when(window(3, {preferred(13, 240)}))), 18U);
}

TEST(AutoscalerDecider, A2_scale_in_cool_down_counts_from_any_decision) {
  ScalingPolicy cool = policy();
  cool.scale_in_windows = 1;
  cool.scale_in_cooldown_ms = 120'000;
  Story story(cool);
  EXPECT_EQ(decided(story.when(window(1, {preferred(10, 180)}))), 13U);
  EXPECT_EQ(decided(story.when(window(2, {preferred(13, 130)}))), 0U);
  EXPECT_EQ(decided(story.when(window(3, {preferred(13, 130)}))), 10U);
  EXPECT_EQ(decided(story.when(window(4, {preferred(10, 80)}))), 0U);
  // Scaling out does not wait for it.
  EXPECT_EQ(decided(story.when(window(5, {preferred(10, 180)}))), 13U);
}

TEST(AutoscalerDecider, A2_scale_out_does_not_wait_for_a_scale_in) {
  ScalingPolicy cool = policy();
  cool.scale_in_windows = 1;
  cool.scale_out_cooldown_ms = 600'000;
  Story story(cool);
  EXPECT_EQ(decided(story.when(window(1, {preferred(10, 80)}))), 6U);
  EXPECT_EQ(decided(story.when(window(2, {preferred(6, 110)}))), 8U);
  EXPECT_EQ(decided(story.when(window(3, {preferred(8, 150)}))), 0U);
}

TEST(AutoscalerDecider, A2_zero_windows_mean_one) {
  ScalingPolicy eager = policy();
  eager.scale_out_windows = 0;
  eager.scale_in_windows = 0;
  Story story(eager);
  const Events out = story.when(window(1, {preferred(10, 180)}));
  EXPECT_EQ(decided(out), 13U);
  EXPECT_EQ(std::get<LoadObserved>(out[0]).windows_above, 1U);
  const Events in = story.when(window(2, {preferred(10, 80)}));
  EXPECT_EQ(decided(in), 6U);
  EXPECT_EQ(std::get<LoadObserved>(in[0]).windows_below, 1U);
}

TEST(AutoscalerDecider, A2_minimum_alone_is_no_reason_to_scale) {
  ScalingPolicy raised = policy();
  raised.min_count = 15;
  Story story(raised);
  LoadWindow high = window(1, {preferred(10, 180)});
  high.desired = 13;
  EXPECT_EQ(decided(story.when(high)), 0U);
}

TEST(AutoscalerDecider, A2_minimum_wins_over_a_smaller_maximum) {
  ScalingPolicy odd = policy();
  odd.min_count = 12;
  odd.max_count = 5;
  EXPECT_EQ(decided(Story(odd).when(window(1, {preferred(10, 200)}))), 12U);
}

TEST(AutoscalerDecider, A2_cool_downs_survive_a_new_policy) {
  ScalingPolicy cool = policy();
  cool.scale_out_cooldown_ms = 120'000;
  Story story(cool);
  EXPECT_EQ(decided(story.when(window(1, {preferred(10, 180)}))), 13U);
  cool.max_count = 40;
  story.when(1, Configure{cool});
  EXPECT_EQ(decided(story.when(window(2, {preferred(13, 240)}))), 0U);
}

TEST(AutoscalerDecider, A2_limits_are_named) {
  ScalingPolicy bounded = policy();
  bounded.min_count = 4;
  bounded.max_count = 16;
  bounded.max_step_out = 2;
  bounded.max_step_in = 2;
  bounded.scale_in_windows = 1;
  const auto limit = [&](const LoadWindow& load) {
    const Events events = Story(bounded).when(load);
    const auto& last = std::get<ScalingDecided>(events.back());
    return std::pair(last.desired, last.limit);
  };
  using Limit = std::pair<std::uint32_t, std::string>;
  EXPECT_EQ(limit(window(1, {preferred(10, 190)})), (Limit{12, "step"}));
  EXPECT_EQ(limit(window(1, {preferred(10, 160)})), (Limit{12, ""}));
  EXPECT_EQ(limit(window(1, {preferred(15, 300)})), (Limit{16, "max"}));
  EXPECT_EQ(limit(window(1, {preferred(10, 10)})), (Limit{8, "step"}));
  EXPECT_EQ(limit(window(1, {preferred(5, 5)})), (Limit{4, "min"}));
  // Outside of the bounds they win over the step.
  EXPECT_EQ(limit(window(1, {preferred(1, 20)})), (Limit{4, "min"}));
  EXPECT_EQ(limit(window(1, {preferred(20, 20)})), (Limit{16, "max"}));
}

TEST(AutoscalerDecider, A2_miss_at_a_limit_is_said_once) {
  ScalingPolicy bounded = policy();
  bounded.max_count = 10;
  bounded.min_count = 10;
  Story story(bounded);
  std::size_t events = 0;
  for (int n = 1; n < 50; ++n)
    events += story.when(window(n, {preferred(10, 200)})).size();
  EXPECT_EQ(events, 1U);
  for (int n = 50; n < 100; ++n)
    events += story.when(window(n, {preferred(10, 0)})).size();
  EXPECT_EQ(events, 4U);
}

TEST(AutoscalerDecider, A2_step_of_zero_forbids_the_direction) {
  ScalingPolicy bounded = policy();
  bounded.max_step_in = 0;
  bounded.scale_in_windows = 1;
  Story story(bounded);
  EXPECT_EQ(decided(story.when(window(1, {preferred(10, 0)}))), 0U);
  EXPECT_EQ(decided(story.when(window(2, {preferred(10, 200)}))), 15U);
}

TEST(AutoscalerDecider, digest_follows_the_state) {
  Story story(policy());
  const std::uint64_t before = digest(story.state);
  story.when(window(1, {preferred(10, 80)}));
  EXPECT_NE(digest(story.state), before);
}

}  // namespace
}  // namespace understudy::autoscaler
