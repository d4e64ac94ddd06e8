#include "actors/autoscaler/judgement.hpp"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "tests/unit/autoscaler/story.hpp"

namespace understudy::autoscaler {
namespace {

constexpr auto most32 = std::numeric_limits<std::uint32_t>::max();
constexpr auto most64 = std::numeric_limits<std::uint64_t>::max();

TEST(Judgement, A1_weighs_each_instance_by_its_own_slots) {
  // 20 x 20 + 1 x 8 = 408 places; 288 in flight are 70.5%.
  const Judgement judged =
      judge(policy(), window(1, {preferred(20, 280), fallback(1, 8)}));
  EXPECT_EQ(judged.totals.capacity, 408U);
  EXPECT_EQ(judged.totals.utilisation_milli, 705U);
  EXPECT_EQ(judged.verdict, Verdict::in_band);
}

TEST(Judgement, A1_full_fallback_does_not_hide_an_idle_fleet) {
  // Per type this is (50% + 100%) / 2 = 75%; in truth 208 of 408 places.
  const Judgement judged =
      judge(policy(), window(1, {preferred(20, 200), fallback(1, 8)}));
  EXPECT_EQ(judged.totals.utilisation_milli, 509U);
  EXPECT_EQ(judged.verdict, Verdict::below);
  EXPECT_EQ(judged.desired, 16U);  // 21 x 208 / 285.6 = 15.3
}

TEST(Judgement, A1_queue_counts_as_load) {
  const Judgement judged = judge(policy(), window(1, {preferred(2, 40)}, 16));
  EXPECT_EQ(judged.totals.utilisation_milli, 1400U);
  EXPECT_EQ(judged.verdict, Verdict::above);
  EXPECT_EQ(judged.desired, 4U);
}

TEST(Judgement, A1_band_includes_its_edges) {
  // 10 x 20 places: 126 and 154 in flight are exactly 63% and 77%.
  EXPECT_EQ(judge(policy(), window(1, {preferred(10, 126)})).verdict,
            Verdict::in_band);
  EXPECT_EQ(judge(policy(), window(1, {preferred(10, 154)})).verdict,
            Verdict::in_band);
  LoadWindow outside = window(1, {preferred(10, 0)});
  outside.pools[0].in_flight_milli = 125'999;
  EXPECT_EQ(judge(policy(), outside).verdict, Verdict::below);
  outside.pools[0].in_flight_milli = 154'001;
  EXPECT_EQ(judge(policy(), outside).verdict, Verdict::above);
}

TEST(Judgement, A1_missing_data_is_not_zero_when_scaling_in) {
  // Five of ten report 40%: with the rest on target 110 of 200 are 55%.
  LoadWindow load = window(1, {preferred(10, 40)});
  load.pools[0].reporting = 5;
  const Judgement judged = judge(policy(), load);
  EXPECT_EQ(judged.verdict, Verdict::below);
  EXPECT_EQ(judged.wishes[0].value_milli, 550U);
  EXPECT_EQ(judged.desired, 8U);  // as zeros: 3
}

TEST(Judgement, A1_missing_data_may_keep_the_fleet_as_it_is) {
  // One of ten reports nothing to do: the others are taken as on target.
  LoadWindow load = window(1, {preferred(10, 0)});
  load.pools[0].reporting = 1;
  EXPECT_EQ(judge(policy(), load).verdict, Verdict::in_band);
}

TEST(Judgement, A1_missing_data_damps_scaling_out) {
  // Five of ten report 190 in flight: with the rest idle 95%, not 190%.
  LoadWindow load = window(1, {preferred(10, 190)});
  load.pools[0].reporting = 5;
  const Judgement judged = judge(policy(), load);
  EXPECT_EQ(judged.verdict, Verdict::above);
  EXPECT_EQ(judged.desired, 14U);  // 10 x 950 / 700 = 13.6
}

TEST(Judgement, A1_no_data_says_nothing) {
  LoadWindow load = window(1, {preferred(10, 40)});
  load.pools[0].reporting = 0;
  EXPECT_EQ(judge(policy(), load).verdict, Verdict::no_data);
  EXPECT_EQ(judge(policy(), window(1, {})).verdict, Verdict::no_data);
  EXPECT_EQ(judge(policy(), window(1, {}, 99)).verdict, Verdict::no_data);
  ScalingPolicy blank = policy();
  blank.targets.clear();
  EXPECT_EQ(judge(blank, window(1, {preferred(1, 20)})).verdict,
            Verdict::no_data);
  blank.targets = {{ScalingMetric::weighted_utilisation, 0}};
  EXPECT_EQ(judge(blank, window(1, {preferred(1, 20)})).verdict,
            Verdict::no_data);
}

TEST(Judgement, A1_load_that_nobody_reported_is_no_load) {
  LoadWindow load = window(1, {preferred(5, 70), fallback(5, 28)});
  load.pools[1].reporting = 0;
  EXPECT_EQ(judge(policy(), load).totals.in_flight_milli, 70'000U);
}

TEST(Judgement, A1_queue_is_data_even_when_no_instance_reports) {
  LoadWindow load = window(1, {preferred(2, 0)}, 60);
  load.pools[0].reporting = 0;
  const Judgement judged = judge(policy(), load);
  EXPECT_EQ(judged.verdict, Verdict::above);
  EXPECT_EQ(judged.desired, 5U);  // 60 / (20 x 0.7) = 4.3
}

TEST(Judgement, A2_nothing_ready_scales_out_from_the_queue_only) {
  // A mean instance of the two pools has 14 places, 9.8 of them on target.
  LoadWindow load = window(1, {preferred(0, 0), fallback(0, 0)}, 19);
  load.desired = 2;
  EXPECT_EQ(judge(policy(), load).verdict, Verdict::no_data);
  load.queued_milli = 20'000;
  EXPECT_EQ(judge(policy(), load).verdict, Verdict::above);
  EXPECT_EQ(judge(policy(), load).desired, 3U);
  load.desired = 0;
  load.queued_milli = 1;
  EXPECT_EQ(judge(policy(), load).desired, 1U);
  load.queued_milli = 0;
  EXPECT_EQ(judge(policy(), load).verdict, Verdict::no_data);
}

TEST(Judgement, A2_in_flight_per_instance_counts_instances_alike) {
  ScalingPolicy counted = policy();
  counted.targets = {{ScalingMetric::in_flight_per_instance, 10'000}};
  const Judgement judged =
      judge(counted, window(1, {preferred(1, 20), fallback(1, 8)}));
  EXPECT_EQ(judged.wishes,
            (std::vector<Wish>{
                {ScalingMetric::in_flight_per_instance, 10'000, 14'000, 3}}));
}

TEST(Judgement, A2_largest_wish_of_several_targets_wins) {
  ScalingPolicy both = policy();
  both.targets = {{ScalingMetric::weighted_utilisation, 700},
                  {ScalingMetric::in_flight_per_instance, 10'000}};
  // 40% of 200 places is below, 8 per instance as well.
  const Judgement fewer = judge(both, window(1, {preferred(10, 80)}));
  EXPECT_EQ(fewer.verdict, Verdict::below);
  EXPECT_EQ(fewer.wishes[0].desired, 6U);
  EXPECT_EQ(fewer.wishes[1].desired, 8U);
  EXPECT_EQ(fewer.desired, 8U);
  // 50% is below, 10 per instance on target: it takes all to scale in.
  EXPECT_EQ(judge(both, window(1, {preferred(10, 100)})).verdict,
            Verdict::in_band);
  // 60% is below, 12 per instance above: one is enough to scale out.
  const Judgement more = judge(both, window(1, {preferred(10, 120)}));
  EXPECT_EQ(more.verdict, Verdict::above);
  EXPECT_EQ(more.desired, 12U);
}

TEST(Judgement, A2_saturates_instead_of_wrapping_around) {
  ScalingPolicy wide = policy();
  wide.tolerance_milli = most32;
  wide.targets = {{ScalingMetric::weighted_utilisation, most32},
                  {ScalingMetric::in_flight_per_instance, 1}};
  LoadWindow load;
  load.queued_milli = most64;
  load.pools.assign(3, {"p", most32, most32 - 1, most32, most64});
  const Judgement judged = judge(wide, load);
  EXPECT_EQ(judged.totals.ready, most32);
  EXPECT_EQ(judged.totals.in_flight_milli, most64);
  EXPECT_EQ(judged.totals.capacity, std::uint64_t{1} << 56);
  EXPECT_EQ(judged.desired, most32);
  wide.tolerance_milli = 0;
  load.queued_milli = 0;
  for (PoolLoad& pool : load.pools)
    pool.in_flight_milli = 0;
  EXPECT_LE(judge(wide, load).desired, most32);
}

TEST(Judgement, odd_numbers_are_taken_at_their_nearest_sense) {
  // More reporting than ready, and no slot at all.
  LoadWindow load = window(1, {{"p5", 2, 9, 0, 1400}});
  const Judgement judged = judge(policy(), load);
  EXPECT_EQ(judged.totals.reporting, 2U);
  EXPECT_EQ(judged.totals.capacity, 2U);
  EXPECT_EQ(judged.verdict, Verdict::in_band);
}

}  // namespace
}  // namespace understudy::autoscaler
