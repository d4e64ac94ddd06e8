#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

TEST(EndpointDecider, E2_denied_goes_to_the_next_pool_at_once) {
  Story story;
  story.create(three_pools(5));
  story.grant(1, 3);
  const auto events = story.deny(1, RefusalKind::capacity, 60'000);
  EXPECT_EQ(names(events), "fallback-chosen instance-requested");
  const auto chosen = one<FallbackChosen>(events);
  EXPECT_EQ(chosen.from, "a");
  EXPECT_EQ(chosen.to, "b");
  EXPECT_EQ(chosen.count, 2U);
  EXPECT_EQ(chosen.cause, RefusalKind::capacity);
  EXPECT_EQ(chosen.code, "Code");
  EXPECT_EQ(chosen.from_reopens_at, after_ms(start, 60'000));
  const auto asked = one<InstanceRequested>(events);
  EXPECT_EQ(asked.pool, "b");
  EXPECT_EQ(asked.count, 2U);
}

TEST(EndpointDecider, E2_order_is_priority_then_price_then_name) {
  EndpointSpec spec = three_pools(1);
  auto& pools = spec.variants[0].pools;
  pools = {pool("x", 7), pool("y", 2), pool("z", 2), pool("w", 2)};
  pools[1].price_micros_per_hour = 9;
  pools[2].price_micros_per_hour = 5;
  pools[3].price_micros_per_hour = 5;
  Story story;
  std::string order = one<InstanceRequested>(story.create(spec)).pool;
  for (std::uint32_t request = 1; request <= 3; ++request) {
    order += one<InstanceRequested>(
                 story.deny(request, RefusalKind::capacity, 60'000))
                 .pool;
  }
  EXPECT_EQ(order, "wzyx");
}

TEST(EndpointDecider, E2_equal_instance_types_are_pools_of_their_own) {
  EndpointSpec spec = three_pools(1);
  spec.variants[0].pools[1].instance_type = "type-a";
  spec.variants[0].pools[1].market = Market::spot;
  Story story;
  story.create(spec);
  EXPECT_EQ(one<FallbackChosen>(story.deny(1, RefusalKind::capacity, 1)).to,
            "b");
}

TEST(EndpointDecider, E2_same_denial_again_changes_nothing) {
  Story story;
  story.create(three_pools(1));
  const auto denied = story.denial(1, RefusalKind::capacity, 60'000);
  story.tell(denied);
  EXPECT_EQ(names(story.tell(denied)), "");
}

TEST(EndpointDecider, E2_quota_passes_over_the_family_in_this_walk) {
  EndpointSpec spec = three_pools(1);
  spec.variants[0].pools[0].quota_family = "p5";
  spec.variants[0].pools[1].quota_family = "p5";
  Story story;
  story.create(spec);
  EXPECT_EQ(one<FallbackChosen>(story.deny(1, RefusalKind::quota)).to, "c");
  story.deny(2, RefusalKind::capacity, 300'000);
  // The next walk asks the family again.
  story.pass_ms(300'000);
  const auto events = story.tell(PoolOpened{"primary", "c"});
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
}

TEST(EndpointDecider, E2_infeasible_pool_is_never_asked_again) {
  Story story;
  story.create(three_pools(1));
  story.deny(1, RefusalKind::infeasible);
  story.deny(2, RefusalKind::capacity, 60'000);
  story.deny(3, RefusalKind::capacity, 90'000);
  story.pass_ms(60'000);
  const auto events = story.tell(PoolOpened{"primary", "b"});
  EXPECT_EQ(one<InstanceRequested>(events).pool, "b");
}

TEST(EndpointDecider, E2_one_infeasible_offering_does_not_close_a_pool) {
  Story story;
  story.create(three_pools(1));
  auto denied = story.denial(1, RefusalKind::infeasible, 60'000);
  denied.refusals.push_back(denied.refusals[0]);
  denied.refusals[1].kind = RefusalKind::capacity;
  const auto events = story.tell(denied);
  EXPECT_EQ(one<FallbackChosen>(events).cause, RefusalKind::capacity);
  EXPECT_FALSE(story.state.pools.at(1).infeasible);
}

TEST(EndpointDecider, E3_waits_for_a_pool_to_reopen_then_from_the_top) {
  Story story;
  story.create(three_pools(2));
  story.deny(1, RefusalKind::capacity, 120'000);
  story.deny(2, RefusalKind::capacity, 60'000);
  const auto exhausted = story.deny(3, RefusalKind::capacity, 90'000);
  EXPECT_EQ(names(exhausted), "pools-exhausted");
  EXPECT_EQ(one<PoolsExhausted>(exhausted).count, 2U);
  // The walk's own clock is only the net below `pool-reopened`.
  EXPECT_EQ(one<PoolsExhausted>(exhausted).retry_at, after_ms(start, 120'000));
  story.pass_ms(60'000);
  const auto events = story.tell(PoolOpened{"primary", "b"});
  EXPECT_EQ(names(events), "instance-requested");
  EXPECT_EQ(one<InstanceRequested>(events).pool, "b");
  EXPECT_EQ(names(story.tell(PoolOpened{"primary", "b"})), "");
  // Pool a is still closed and is passed over: b, then c, then wait.
  story.pass_ms(30'000);
  EXPECT_EQ(
      one<FallbackChosen>(story.deny(4, RefusalKind::capacity, 60'000)).to,
      "c");
}

TEST(EndpointDecider, E3_an_opened_pool_counts_as_open) {
  Story story;
  story.create(three_pools(1));
  story.deny(1, RefusalKind::capacity, 60'000);
  story.deny(2, RefusalKind::capacity, 90'000);
  story.deny(3, RefusalKind::capacity, 90'000);
  story.pass_ms(59'000);
  const auto events = story.tell(PoolOpened{"primary", "a"});
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
}

TEST(EndpointDecider, E3_without_a_cool_down_it_tries_again_in_a_minute) {
  Story story;
  story.create(three_pools(1));
  story.deny(1, RefusalKind::quota);
  story.deny(2, RefusalKind::unknown);
  EXPECT_EQ(one<PoolsExhausted>(story.deny(3, RefusalKind::quota)).retry_at,
            after_ms(start, 60'000));
  const auto events = story.wait();
  EXPECT_EQ(story.now, after_ms(start, 60'000));
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
}

TEST(EndpointDecider, E3_a_pool_that_reopened_meanwhile_is_asked_soon) {
  Story story;
  story.create(three_pools(1));
  story.deny(1, RefusalKind::capacity, 60'000);
  story.deny(2, RefusalKind::capacity, 300'000);
  story.pass_ms(70'000);
  EXPECT_EQ(names(story.tell(PoolOpened{"primary", "a"})), "");
  story.deny(3, RefusalKind::capacity, 300'000);
  const auto events = story.wait();
  EXPECT_EQ(story.now, after_ms(start, 71'000));
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
}

TEST(EndpointDecider, E3_a_pool_that_grants_is_open) {
  Story story = Story::in_service(1);
  story.scale_to(2);
  story.scale_to(3);
  story.deny(2, RefusalKind::capacity, 60'000);
  EXPECT_NE(story.state.pools.at(1).closed_until, Instant{});
  story.grant(3, 1);
  EXPECT_EQ(one<InstanceRequested>(story.scale_to(4)).pool, "a");
}

TEST(EndpointDecider, E3_a_pool_that_is_being_asked_is_not_known_closed) {
  Story story = Story::in_service(1);
  story.scale_to(2);
  story.deny(2, RefusalKind::capacity, 60'000);
  story.pass_ms(60'000);
  ASSERT_EQ(one<InstanceRequested>(story.scale_to(3)).pool, "a");
  story.deny(3, RefusalKind::quota);
  EXPECT_EQ(one<PoolsExhausted>(story.deny(5, RefusalKind::quota)).retry_at,
            after_ms(story.now, 60'000));
}

TEST(EndpointDecider, E3_goes_on_when_no_word_of_reopening_comes) {
  Story story;
  story.create(three_pools(1));
  for (std::uint32_t request = 1; request <= 3; ++request)
    story.deny(request, RefusalKind::capacity, 60'000);
  EXPECT_EQ(names(story.wait()), "instance-requested");
  EXPECT_EQ(story.now, after_ms(start, 120'000));
}

TEST(EndpointDecider, E3_a_walk_that_finds_no_pool_says_so) {
  Story story = Story::in_service(1);
  for (std::uint32_t id = 1; id <= 3; ++id)
    story.state.pools.at(id).closed_until = after_ms(story.now, 90'000);
  const auto events = story.scale_to(2);
  EXPECT_EQ(names(events), "scale-out operation-opened pools-exhausted");
  EXPECT_EQ(one<PoolsExhausted>(events).refused_request, RequestId{});
  EXPECT_EQ(one<PoolsExhausted>(events).retry_at, after_ms(story.now, 150'000));
  EXPECT_EQ(names(story.wait()), "instance-requested");
}

TEST(EndpointDecider, E3_nothing_feasible_waits_for_the_deadline_only) {
  Story story;
  story.create(three_pools(1));
  story.deny(1, RefusalKind::infeasible);
  story.deny(2, RefusalKind::infeasible);
  EXPECT_EQ(
      one<PoolsExhausted>(story.deny(3, RefusalKind::infeasible)).retry_at,
      Instant{});
  EXPECT_EQ(names(story.tell(PoolOpened{"primary", "a"})), "");
  EXPECT_EQ(Decider::next_deadline(story.state), after_ms(start, 1'800'000));
}

TEST(EndpointDecider, E5_scale_out_deadline_keeps_what_it_got) {
  Story story = Story::in_service(1);
  story.scale_to(4);
  story.grant(2, 1);
  story.deny(2, RefusalKind::capacity, 3'600'000);
  const auto events = story.wait();
  EXPECT_EQ(names(events),
            "provisioning-timed-out launch-cancelled operation-opened "
            "instance-requested");
  EXPECT_EQ(one<ProvisioningTimedOut>(events).missing, 2U);
  const auto opened = one<OperationOpened>(events);
  EXPECT_EQ(opened.kind, OperationKind::scale_out);
  EXPECT_EQ(opened.count, 2U);
  // Pool a still cools down: the new operation passes over it.
  EXPECT_EQ(one<InstanceRequested>(events).pool, "b");
  EXPECT_EQ(story.in(Phase::starting).size(), 1U);
}

TEST(EndpointDecider, E5_a_late_grant_serves_the_new_operation) {
  Story story = Story::in_service(1);
  story.scale_to(3);
  story.wait();
  // Request 2 was cancelled, request 3 asks for the same two again.
  const auto events = story.grant(2, 1);
  EXPECT_EQ(names(events), "capacity-granted launch-cancelled");
  EXPECT_EQ(one<LaunchCancelled>(events).request, RequestId{3});
  EXPECT_EQ(names(story.deny(2, RefusalKind::none)), "request-closed");
  EXPECT_EQ(names(story.grant(3, 1)), "capacity-granted operation-completed");
  EXPECT_EQ(names(story.deny(3, RefusalKind::none)), "request-closed");
}

}  // namespace
}  // namespace understudy::endpoint
