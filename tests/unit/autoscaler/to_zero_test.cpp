// Scaling to none, and back by what waits.

#include <gtest/gtest.h>

#include "tests/unit/autoscaler/story.hpp"

namespace understudy::autoscaler {
namespace {

ScalingPolicy to_zero() {
  ScalingPolicy zero = policy();
  zero.min_count = 0;
  return zero;
}

TEST(AutoscalerDecider, A2_wakes_from_zero_by_its_queue) {
  Story story(to_zero());
  EXPECT_EQ(story.when(window(1, {preferred(0, 0)})), Events{});
  EXPECT_EQ(decided(story.when(window(2, {preferred(0, 0)}, 1))), 1U);
  EXPECT_EQ(decided(story.when(window(3, {preferred(0, 0)}, 100))), 8U);
}

/// With nothing ready there is no capacity to weigh the queue by.
TEST(AutoscalerDecider, A2_wakes_at_once_and_without_any_pool) {
  ScalingPolicy slow = to_zero();
  slow.scale_out_windows = 5;
  slow.scale_out_cooldown_ms = 3'600'000;
  slow.scale_in_windows = 1;
  Story story(slow);
  EXPECT_EQ(story.when(window(1, {}, 1)),
            (Events{LoadObserved{minute(0), minute(1), 0, 0, 0, 0, 0, 1'000, 0,
                                 0, 0, 0},
                    ScalingDecided{0, 1, {}, "queue", {}}}));
  EXPECT_EQ(story.when(window(2, {})), Events{});
  LoadWindow coming = window(3, {}, 9);
  coming.desired = 1;
  EXPECT_EQ(story.when(coming), Events{}) << "one is on its way";
  EXPECT_EQ(story.when(window(4, {preferred(1, 0)})).size(), 2U);
  // The cool-down of the first one is not over.
  EXPECT_EQ(decided(story.when(window(5, {}, 1))), 1U);
}

TEST(AutoscalerDecider, A2_wakes_by_the_step_and_the_maximum) {
  ScalingPolicy bounded = to_zero();
  bounded.max_step_out = 3;
  Story story(bounded);
  const Events out = story.when(window(1, {preferred(0, 0)}, 1'000));
  EXPECT_EQ(decided(out), 3U);
  EXPECT_EQ(std::get<ScalingDecided>(out[1]).limit, "step");
  bounded.max_step_out = 0;
  Story never(bounded);
  EXPECT_EQ(decided(never.when(window(1, {}, 1))), 0U);
}

TEST(AutoscalerDecider, A2_a_minimum_does_not_wake) {
  Story story(policy());
  EXPECT_EQ(story.when(window(1, {}, 5)), Events{});
}

TEST(AutoscalerDecider, A2_to_zero_after_all_its_windows_without_load) {
  Story story(to_zero());
  EXPECT_EQ(decided(story.when(window(1, {preferred(1, 0)}))), 0U);
  EXPECT_EQ(decided(story.when(window(2, {preferred(1, 0)}))), 0U);
  EXPECT_EQ(story.state.windows_idle, 2U);
  const Events in = story.when(window(3, {preferred(1, 0)}));
  ASSERT_EQ(in.size(), 2U);
  EXPECT_EQ(std::get<LoadObserved>(in[0]).windows_idle, 3U);
  const auto& made = std::get<ScalingDecided>(in[1]);
  EXPECT_EQ(made.from, 1U);
  EXPECT_EQ(made.desired, 0U);
  EXPECT_EQ(made.limit, "");
  EXPECT_EQ(story.state.windows_idle, 0U);
}

/// Low load keeps the last one however long it lasts.
TEST(AutoscalerDecider, A2_to_zero_counts_windows_without_load_alone) {
  Story story(to_zero());
  for (int n = 1; n < 10; ++n)
    EXPECT_EQ(decided(story.when(window(n, {preferred(1, 1)}))), 0U);
  EXPECT_EQ(story.state.windows_below, 3U);
  EXPECT_EQ(story.when(window(10, {preferred(1, 0)})).size(), 1U);
  EXPECT_EQ(story.when(window(11, {preferred(1, 0)})).size(), 1U);
  EXPECT_EQ(story.when(window(12, {preferred(1, 1)})).size(), 1U);
  EXPECT_EQ(story.state.windows_idle, 0U);
  EXPECT_EQ(story.when(window(13, {preferred(1, 0)})).size(), 1U);
  EXPECT_EQ(story.when(window(14, {preferred(1, 0)})).size(), 1U);
  EXPECT_EQ(story.when(window(15, {preferred(1, 0)})).size(), 2U);
}

TEST(AutoscalerDecider, A2_to_one_where_the_last_window_alone_is_idle) {
  Story story(to_zero());
  story.when(window(1, {preferred(4, 4)}));
  story.when(window(2, {preferred(4, 4)}));
  const Events in = story.when(window(3, {preferred(4, 0)}));
  EXPECT_EQ(decided(in), 1U);
  EXPECT_EQ(std::get<ScalingDecided>(in[1]).limit, "idle");
}

/// Missing data is never read as zero.
TEST(AutoscalerDecider, A2_to_zero_never_on_missing_data) {
  ScalingPolicy quick = to_zero();
  quick.scale_in_windows = 1;
  Story story(quick);
  LoadWindow part = window(1, {preferred(2, 0)});
  part.pools[0].reporting = 1;
  EXPECT_EQ(decided(story.when(part)), 1U);
  EXPECT_EQ(story.state.windows_idle, 0U);
  LoadWindow mute = window(2, {preferred(1, 0)});
  mute.pools[0].reporting = 0;
  EXPECT_EQ(story.when(mute), Events{});
  EXPECT_EQ(story.when(window(3, {preferred(1, 0)})).size(), 2U);
}

TEST(AutoscalerDecider, A2_to_zero_waits_for_its_cool_down) {
  ScalingPolicy cool = to_zero();
  cool.scale_in_windows = 1;
  cool.scale_in_cooldown_ms = 120'000;
  Story story(cool);
  EXPECT_EQ(decided(story.when(window(1, {}, 1))), 1U);
  EXPECT_EQ(story.when(window(2, {preferred(1, 0)})).size(), 1U);
  EXPECT_EQ(story.when(window(3, {preferred(1, 0)})).size(), 2U);
}

}  // namespace
}  // namespace understudy::autoscaler
