#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

EndpointSpec scaled(std::uint32_t low, std::uint32_t high) {
  EndpointSpec spec = three_pools(low);
  ScalingPolicy& scaling = spec.variants[0].scaling;
  scaling.enabled = true;
  scaling.min_count = low;
  scaling.max_count = high;
  scaling.targets = {ScalingTarget{}};
  return spec;
}

DesiredDecided decided(std::uint32_t desired) {
  return {"primary", desired, {}};
}

TEST(EndpointDecider, scale_out_opens_an_operation_from_the_top) {
  Story story = Story::one_in_each();
  story.pass_ms(100'000);
  const auto events = story.scale_to(5);
  EXPECT_EQ(names(events), "scale-out operation-opened instance-requested");
  const auto scaled_out = one<ScaleOut>(events);
  EXPECT_EQ(scaled_out.from, 3U);
  EXPECT_EQ(scaled_out.to, 5U);
  EXPECT_EQ(one<OperationOpened>(events).kind, OperationKind::scale_out);
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
  EXPECT_EQ(one<InstanceRequested>(events).count, 2U);
}

TEST(EndpointDecider, E8_victims_come_from_the_least_preferred_pool) {
  Story story = Story::one_in_each();
  const auto events = story.scale_to(1);
  EXPECT_EQ(names(events), "scale-in drain-requested drain-requested");
  const auto drained = all<DrainRequested>(events);
  EXPECT_EQ(drained[0].pool, "c");
  EXPECT_EQ(drained[1].pool, "b");
  EXPECT_EQ(drained[0].reason, DrainReason::scale_in);
}

TEST(EndpointDecider, E8_inside_a_pool_fewest_in_flight_then_youngest) {
  Story story = Story::in_service(4);
  const auto ids = story.in(Phase::ready);
  // Not metered (0) is not idle: it goes last.
  const auto events =
      story.scale_to(1, {{ids[1], 5}, {ids[2], 3}, {ids[3], 3}});
  const auto drained = all<DrainRequested>(events);
  ASSERT_EQ(drained.size(), 3U);
  EXPECT_EQ(drained[0].instance, ids[3]);
  EXPECT_EQ(drained[1].instance, ids[2]);
  EXPECT_EQ(drained[2].instance, ids[1]);
}

TEST(EndpointDecider, E8_launches_are_cancelled_before_instances_drain) {
  Story story = Story::in_service(2);
  story.scale_to(5);
  story.grant(2, 1);
  const auto events = story.scale_to(1);
  EXPECT_EQ(names(events),
            "scale-in launch-cancelled operation-completed drain-requested "
            "drain-requested");
  EXPECT_EQ(one<LaunchCancelled>(events).count, 2U);
  EXPECT_EQ(one<LaunchCancelled>(events).pool, "a");
  // The one that is not ready before the ready ones.
  EXPECT_EQ(all<DrainRequested>(events)[0].instance.request(), RequestId{2});
}

TEST(EndpointDecider, E8_launches_of_the_worst_pool_are_cancelled_first) {
  Story story = Story::in_service(1);
  story.scale_to(2);
  story.deny(2, RefusalKind::capacity, 60'000);
  story.pass_ms(60'000);
  EXPECT_EQ(one<InstanceRequested>(story.scale_to(3)).pool, "a");
  EXPECT_EQ(one<LaunchCancelled>(story.scale_to(2)).pool, "b");
}

TEST(EndpointDecider, E8_what_waits_is_cancelled_without_a_request) {
  Story story = Story::in_service(1);
  story.scale_to(4);
  for (std::uint32_t request = 2; request <= 4; ++request)
    story.deny(request, RefusalKind::capacity, 60'000);
  const auto events = story.scale_to(2);
  EXPECT_EQ(names(events), "scale-in launch-cancelled");
  EXPECT_EQ(one<LaunchCancelled>(events).request, RequestId{});
  EXPECT_EQ(one<LaunchCancelled>(events).count, 2U);
}

TEST(EndpointDecider, E8_a_grant_after_its_cancellation_is_surplus) {
  Story story = Story::in_service(2);
  story.scale_to(5);
  story.scale_to(3);
  const auto events = story.grant(2, 3);
  EXPECT_EQ(names(events),
            "capacity-granted operation-completed drain-requested "
            "drain-requested");
  EXPECT_EQ(one<DrainRequested>(events).reason, DrainReason::surplus);
  EXPECT_TRUE(story.state.requests.empty());
}

TEST(EndpointDecider, E8_a_denial_of_more_than_is_wanted_asks_for_the_rest) {
  Story story = Story::in_service(1);
  story.scale_to(6);
  auto denied = story.denial(2, RefusalKind::capacity, 60'000);
  story.scale_to(4);
  ASSERT_EQ(denied.count, 5U);
  EXPECT_EQ(one<InstanceRequested>(story.tell(denied)).count, 3U);
}

TEST(EndpointDecider, E8_a_cancelled_request_ends_with_a_closing_word) {
  Story story = Story::in_service(1);
  story.scale_to(3);
  EXPECT_EQ(names(story.scale_to(1)),
            "scale-in launch-cancelled operation-completed");
  EXPECT_EQ(story.state.requests.size(), 1U);
  EXPECT_EQ(names(story.deny(2, RefusalKind::none)), "request-closed");
  EXPECT_TRUE(story.state.requests.empty());
}

TEST(EndpointDecider, autoscaler_is_followed_in_service_only) {
  Story story;
  story.create(scaled(1, 5));
  EXPECT_EQ(names(story.tell(decided(3))), "");
  story.grant(1, 1);
  story.all_ready();
  const auto events = story.tell(decided(3));
  EXPECT_EQ(names(events), "scale-out operation-opened instance-requested");
  EXPECT_EQ(one<ScaleOut>(events).command, "");
  EXPECT_EQ(names(story.tell(decided(3))), "");
  EXPECT_EQ(one<ScaleOut>(story.tell(decided(99))).to, 5U);
  EXPECT_EQ(one<ScaleIn>(story.tell(decided(0))).to, 1U);
}

TEST(EndpointDecider, autoscaler_is_not_followed_when_scaling_is_off) {
  Story story = Story::in_service(1);
  EXPECT_EQ(names(story.tell(decided(3))), "");
}

TEST(EndpointDecider, scaling_adjusts_a_creation) {
  Story story;
  story.create(three_pools(2));
  EXPECT_EQ(names(story.scale_to(3)),
            "scale-out operation-opened instance-requested");
  EXPECT_EQ(names(story.scale_to(1)),
            "scale-in launch-cancelled operation-completed launch-cancelled");
}

TEST(EndpointDecider, scaling_stays_within_its_limits) {
  Story story = Story::in_service(2, scaled(2, 5));
  const auto refused = one<CommandRefused>(story.scale_to(6));
  EXPECT_EQ(refused.reason, reasons::out_of_range);
  EXPECT_EQ(refused.field, "desired");
  EXPECT_EQ(refused.value, "6");
  EXPECT_EQ(refused.accepted, "2 to 5");
  EXPECT_EQ(names(story.scale_to(1)), "command-refused");
  EXPECT_EQ(names(story.scale_to(2)), "command-accepted");
  Story free = Story::in_service(1);
  EXPECT_EQ(one<CommandRefused>(free.scale_to(10'001)).accepted, "0 to 10000");
  EXPECT_EQ(names(free.scale_to(0)), "scale-in drain-requested");
}

}  // namespace
}  // namespace understudy::endpoint
