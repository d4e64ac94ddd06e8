// The numbers of a report, against sums done by hand.

#include "services/projection/statistics.hpp"

#include <numeric>

#include <gtest/gtest.h>

#include "tests/support/small_story.hpp"

namespace understudy {
namespace {

EndpointReport report_of(const TinyRuntime& tiny, Instant from = {},
                         Instant to = Instant::never()) {
  Statistics statistics(from, to);
  for (const Record& record : tiny.records())
    statistics.see(record);
  const Report report = statistics.report();
  EXPECT_EQ(report.endpoints.size(), 1U);
  return report.endpoints.at(0);
}

TEST(Statistics, time_to_in_service_and_at_the_wanted_capacity) {
  const auto report = report_of(small_story());
  EXPECT_EQ(report.time_to_in_service_ms, 96'000);
  const VariantReport& variant = report.variants.at(0);
  // In service at 96 s, the last record at 7210 s; one missing for 96 s
  // after the loss, of which 6 s without a replacement granted.
  EXPECT_EQ(variant.observed_ms, 7'114'000);
  EXPECT_EQ(variant.ready_enough_ppm, 986'505U);  // 7018 / 7114
  EXPECT_EQ(variant.held_enough_ppm, 999'157U);   // 7108 / 7114
  EXPECT_EQ(variant.mean_shortfall_milli, 13U);   // 96 / 7114
  EXPECT_EQ(variant.times_below, 1U);
  EXPECT_EQ(variant.longest_below_ms, 96'000);
  EXPECT_EQ(variant.longest_below_from, after_ms(story_start, 3'600'000));
}

TEST(Statistics, instance_time_and_cost_per_pool_and_priority) {
  const auto report = report_of(small_story());
  ASSERT_EQ(report.pools.size(), 2U);
  const PoolReport& first = report.pools[0];
  const PoolReport& second = report.pools[1];
  // 4 s to 3600 s and 4 s to 7210 s; 6 s to 7210 s and 3606 s to 7210 s.
  EXPECT_EQ(first.instance_ms, 3'596'000 + 7'206'000);
  EXPECT_EQ(second.instance_ms, 7'204'000 + 3'604'000);
  EXPECT_EQ(first.share_ppm, 499'861U);
  EXPECT_EQ(second.share_ppm, 500'139U);
  EXPECT_EQ(first.cost_micros, 6'001'111U);
  EXPECT_EQ(second.cost_micros, 9'006'666U);
  EXPECT_EQ(report.cost_micros, 15'007'777U);
  // A dollar an hour more for each second in the second pool.
  EXPECT_EQ(report.cost_above_preferred_micros, 3'002'222);
  ASSERT_EQ(report.priorities.size(), 2U);
  EXPECT_EQ(report.priorities[1].priority, 2U);
  EXPECT_EQ(report.priorities[1].instance_ms, second.instance_ms);
}

TEST(Statistics, what_was_asked_granted_and_refused) {
  const auto report = report_of(small_story());
  const PoolReport& first = report.pools[0];
  EXPECT_EQ(first.launch_calls, 4U);
  EXPECT_EQ(first.instances_asked, 3U + 3U + 1U + 1U);
  EXPECT_EQ(first.instances_granted, 2U);
  ASSERT_EQ(first.refusals.size(), 2U);
  const RefusalCount zone_a{story_offering("zone-a"), RefusalKind::capacity, 2,
                            4};
  const RefusalCount zone_b{story_offering("zone-b"), RefusalKind::capacity, 2,
                            2};
  EXPECT_EQ(first.refusals[0], zone_a);
  EXPECT_EQ(first.refusals[1], zone_b);
  EXPECT_TRUE(report.pools[1].refusals.empty());
}

TEST(Statistics, how_often_things_happened) {
  const auto report = report_of(small_story());
  EventCounts expected;
  expected.fallbacks = 2;
  expected.fallback_instances = 2;
  expected.scale_ins = 1;
  expected.replacements = 1;
  expected.instances_lost = 1;
  EXPECT_EQ(report.events, expected);
}

TEST(Statistics, a_period_counts_what_happens_in_it) {
  const auto report = report_of(small_story(), after_ms(story_start, 3'600'000),
                                after_ms(story_start, 3'660'000));
  EXPECT_EQ(report.variants.at(0).observed_ms, 60'000);
  EXPECT_EQ(report.variants.at(0).ready_enough_ppm, 0U);
  EXPECT_EQ(report.events.fallbacks, 1U);
  EXPECT_EQ(report.events.scale_ins, 0U);
  EXPECT_EQ(report.pools[0].instance_ms, 60'000);
  EXPECT_EQ(report.pools[1].instance_ms, 60'000 + 54'000);
}

TEST(Statistics, two_halves_add_up_to_the_whole) {
  const TinyRuntime tiny = small_story();
  const Instant middle = after_ms(story_start, 3'650'000);
  const auto whole = report_of(tiny);
  const auto before = report_of(tiny, {}, middle);
  const auto after = report_of(tiny, middle);
  EXPECT_EQ(before.instance_ms + after.instance_ms, whole.instance_ms);
  EXPECT_EQ(before.variants[0].observed_ms + after.variants[0].observed_ms,
            whole.variants[0].observed_ms);
  EXPECT_EQ(before.events.fallbacks + after.events.fallbacks,
            whole.events.fallbacks);
}

TEST(Statistics, an_endpoint_that_never_served_has_no_observed_time) {
  TinyRuntime tiny(story_start);
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(3)});
  tiny.run_for(3'600'000);
  const auto report = report_of(tiny);
  EXPECT_EQ(report.status, EndpointStatus::failed);
  EXPECT_EQ(report.in_service_at, Instant{});
  EXPECT_TRUE(report.variants.empty());
  EXPECT_EQ(report.cost_micros, 0U);
  EXPECT_EQ(report.events.provisioning_timeouts, 1U);
  EXPECT_GT(report.events.pools_exhausted, 0U);
}

TEST(Statistics, very_long_and_dear_fleets_do_not_overflow) {
  Statistics statistics;
  Record record;
  record.time = story_start;
  record.stream = story_endpoint();
  record.event = endpoint::EndpointCreated{"c", story_spec(1)};
  statistics.see(record);
  record.stream = StreamId::pool("chat", "primary", "second");
  pool::InstanceLaunched launched;
  launched.price_micros_per_hour = 10'000'000'000;  // $10,000 per hour
  for (std::uint16_t i = 0; i < 1000; ++i)
    launched.instances.push_back({InstanceId::make({1}, 1, i), {}, {}});
  record.event = launched;
  statistics.see(record);
  constexpr std::int64_t ten_years_ms = std::int64_t{3650} * 86'400'000;
  record.time = after_ms(story_start, ten_years_ms);
  record.event = pool::PoolReopened{};
  statistics.see(record);
  const auto report = statistics.report().endpoints.at(0);
  EXPECT_EQ(report.instance_ms, 1000 * ten_years_ms);
  EXPECT_EQ(report.cost_micros, 1000U * 3650 * 24 * 10'000'000'000U);
}

TEST(Statistics, no_records_no_numbers) {
  const Report report = Statistics().report();
  EXPECT_EQ(report.records, 0U);
  EXPECT_TRUE(report.endpoints.empty());
}

}  // namespace
}  // namespace understudy
