/// E3. Operations of one variant take turns when little is to be had.

#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

constexpr OperationId first{2};
constexpr OperationId second{3};
constexpr OperationId third{4};
constexpr OperationId fourth{5};

/// In service, with operations 2, 3 and 4 for one instance each; all pools
/// refused the first of them: a reopens after 1, b after 2, c after 3 minutes.
Story three_waiting() {
  Story story = Story::in_service(1);
  story.scale_to(2);
  story.deny(2, RefusalKind::capacity, 60'000);
  story.deny(3, RefusalKind::capacity, 120'000);
  story.deny(4, RefusalKind::capacity, 180'000);
  story.scale_to(3);
  story.scale_to(4);
  EXPECT_EQ(story.state.operations.size(), 3U);
  return story;
}

std::vector<Event> opened(Story& story, const std::string& pool) {
  return story.tell(PoolOpened{"primary", pool});
}

TEST(EndpointDecider, E3_only_the_oldest_walks_when_a_pool_opens) {
  Story story = three_waiting();
  story.pass_ms(60'000);
  const auto events = opened(story, "a");
  EXPECT_EQ(names(events), "instance-requested");
  EXPECT_EQ(one<InstanceRequested>(events).operation, first);
  EXPECT_EQ(names(opened(story, "a")), "");
}

TEST(EndpointDecider, E3_a_grant_lets_the_next_two_walk) {
  Story story = three_waiting();
  story.scale_to(5);
  story.pass_ms(60'000);
  opened(story, "a");
  auto events = story.grant(5, 1);
  EXPECT_EQ(names(events),
            "capacity-granted operation-completed instance-requested "
            "instance-requested");
  const auto asked = all<InstanceRequested>(events);
  EXPECT_EQ(asked[0].operation, second);
  EXPECT_EQ(asked[0].pool, "a");
  EXPECT_EQ(asked[1].operation, third);
  events = story.grant(6, 1);
  EXPECT_EQ(one<InstanceRequested>(events).operation, fourth);
  EXPECT_EQ(names(story.grant(7, 1)), "capacity-granted operation-completed");
}

TEST(EndpointDecider, E3_a_grant_in_part_lets_the_next_walk_beside_it) {
  Story story = Story::in_service(1);
  story.scale_to(3);
  for (std::uint32_t request = 2; request <= 4; ++request)
    story.deny(request, RefusalKind::capacity, 60'000);
  story.scale_to(4);
  story.pass_ms(60'000);
  EXPECT_EQ(one<InstanceRequested>(opened(story, "a")).count, 2U);
  const auto events = story.grant(5, 1);
  EXPECT_EQ(names(events), "capacity-granted instance-requested");
  EXPECT_EQ(one<InstanceRequested>(events).operation, second);
}

TEST(EndpointDecider, E3_the_others_wait_on_when_the_oldest_is_refused) {
  Story story = three_waiting();
  story.pass_ms(60'000);
  opened(story, "a");
  const auto events = story.deny(5, RefusalKind::capacity, 300'000);
  EXPECT_EQ(names(events), "pools-exhausted");
  EXPECT_EQ(one<PoolsExhausted>(events).operation, first);
  story.pass_ms(60'000);
  EXPECT_EQ(one<InstanceRequested>(opened(story, "b")).operation, first);
}

TEST(EndpointDecider, E3_only_the_oldest_has_a_clock) {
  Story story = three_waiting();
  const auto events = story.wait();
  EXPECT_EQ(story.now, after_ms(start, 121'000));
  EXPECT_EQ(names(events), "instance-requested");
  EXPECT_EQ(one<InstanceRequested>(events).operation, first);
  // While it walks the others' clocks stand still.
  EXPECT_EQ(Decider::next_deadline(story.state), after_ms(start, 1'801'000));
}

TEST(EndpointDecider, E3_when_the_oldest_times_out_the_next_one_walks) {
  Story story = Story::in_service(1);
  story.scale_to(2);
  story.deny(2, RefusalKind::capacity, 7'200'000);
  story.deny(3, RefusalKind::capacity, 1'790'000);
  story.deny(4, RefusalKind::capacity, 7'200'000);
  story.pass_ms(600'000);
  story.scale_to(3);
  story.pass_ms(1'190'000);
  EXPECT_EQ(one<InstanceRequested>(opened(story, "b")).operation, first);
  const auto events = story.wait();
  EXPECT_EQ(names(events),
            "provisioning-timed-out launch-cancelled instance-requested "
            "operation-opened instance-requested");
  EXPECT_EQ(one<ProvisioningTimedOut>(events).operation, first);
  const auto asked = all<InstanceRequested>(events);
  EXPECT_EQ(asked[0].operation, second);
  EXPECT_EQ(asked[0].pool, "b");
  EXPECT_EQ(asked[1].operation, third);
}

TEST(EndpointDecider, E3_a_better_pool_that_opens_is_asked_by_the_next_one) {
  Story story = three_waiting();
  story.pass_ms(120'000);
  story.state.pools.at(1).closed_until = after_ms(story.now, 30'000);
  EXPECT_EQ(one<InstanceRequested>(opened(story, "b")).operation, first);
  // The oldest comes by c when b refuses; it has been past a.
  story.pass_ms(30'000);
  const auto events = opened(story, "a");
  EXPECT_EQ(one<InstanceRequested>(events).operation, second);
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
  EXPECT_EQ(names(opened(story, "a")), "");
  story.pass_ms(30'000);
  EXPECT_EQ(names(opened(story, "c")), "");
}

TEST(EndpointDecider, E3_what_is_opened_while_a_pool_is_open_walks_at_once) {
  Story story = three_waiting();
  story.pass_ms(60'000);
  opened(story, "a");
  const auto events = story.scale_to(5);
  EXPECT_EQ(names(events), "scale-out operation-opened instance-requested");
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
}

TEST(EndpointDecider, E3_a_pause_keeps_nobody_else_waiting) {
  EndpointSpec spec = three_pools(2);
  spec.variants[0].health.max_start_failures = 0;
  Story story = Story::in_service(2, spec);
  // Operation 2 fails to start and is replaced after a pause.
  story.scale_to(3);
  story.grant(2, 1);
  const auto failed = story.change(story.in(Phase::starting).at(0),
                                   InstanceChange::start_failed);
  const Instant pause = one<OperationOpened>(failed).not_before;
  ASSERT_GT(pause, story.now);
  story.scale_to(4);
  for (std::uint32_t request = 3; request <= 5; ++request)
    story.deny(request, RefusalKind::capacity, 10'000);
  story.pass_ms(10'000);
  EXPECT_EQ(one<InstanceRequested>(opened(story, "a")).operation,
            OperationId{4});
  const auto events = story.wait();
  EXPECT_EQ(story.now, pause);
  EXPECT_EQ(one<InstanceRequested>(events).operation, OperationId{3});
}

}  // namespace
}  // namespace understudy::endpoint
