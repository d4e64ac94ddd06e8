#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

TEST(EndpointDecider, E7_a_lost_instance_is_replaced_from_the_top) {
  Story story = Story::one_in_each();
  story.pass_ms(100'000);
  const InstanceId lost = story.in(Phase::ready)[2];
  ASSERT_EQ(story.pool_of(lost), "c");
  const auto events = story.change(lost, InstanceChange::lost);
  EXPECT_EQ(names(events),
            "instance-left operation-opened instance-requested "
            "instance-released");
  EXPECT_EQ(one<InstanceLeft>(events).reason, LeaveReason::lost);
  const auto opened = one<OperationOpened>(events);
  EXPECT_EQ(opened.kind, OperationKind::replacement);
  EXPECT_EQ(opened.replaces, std::vector<InstanceId>{lost});
  EXPECT_EQ(opened.cause, "instance 3-1-0 of pool c: lost");
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
  EXPECT_EQ(names(story.change(lost, InstanceChange::lost)), "");
}

TEST(EndpointDecider, E7_an_unhealthy_instance_is_replaced_from_the_top) {
  Story story = Story::one_in_each();
  story.pass_ms(100'000);
  const InstanceId ill = story.in(Phase::ready)[2];
  const auto events = story.change(ill, InstanceChange::unhealthy);
  EXPECT_EQ(names(events), "instance-left operation-opened instance-requested");
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
  EXPECT_EQ(names(story.change(ill, InstanceChange::unhealthy)), "");
  EXPECT_EQ(names(story.change(ill, InstanceChange::terminated)),
            "instance-released");
}

TEST(EndpointDecider, E7_notice_opens_the_replacement_while_it_serves) {
  Story story = Story::in_service(2);
  const InstanceId noticed = story.in(Phase::ready)[0];
  const auto events = story.change(noticed, InstanceChange::reclaim_noticed);
  EXPECT_EQ(names(events), "instance-left operation-opened instance-requested");
  EXPECT_EQ(one<InstanceLeft>(events).reason, LeaveReason::reclaimed);
  EXPECT_EQ(story.in(Phase::reclaimed).size(), 1U);
  EXPECT_EQ(names(story.change(noticed, InstanceChange::terminated)),
            "instance-released");
}

TEST(EndpointDecider, E7_loss_before_it_was_ready_is_no_failed_start) {
  Story story;
  story.create(three_pools(1));
  story.grant(1, 1);
  story.change(story.in(Phase::starting)[0], InstanceChange::lost);
  EXPECT_EQ(story.state.variants.at("primary").start_failures, 0U);
  EXPECT_EQ(story.state.operations.size(), 1U);
}

TEST(EndpointDecider, E7_loss_of_a_draining_instance_replaces_nothing) {
  Story story = Story::in_service(2);
  story.scale_to(1);
  const InstanceId draining = story.in(Phase::leaving)[0];
  EXPECT_EQ(names(story.change(draining, InstanceChange::lost)),
            "instance-released");
}

TEST(EndpointDecider, E9_failed_start_asks_the_same_pool_first) {
  Story story = Story::one_in_each();
  story.pass_ms(100'000);
  story.scale_to(4);
  story.deny(4, RefusalKind::capacity, 60'000);
  story.grant(5, 1);
  const InstanceId failed = story.in(Phase::starting)[0];
  ASSERT_EQ(story.pool_of(failed), "b");
  story.pass_ms(100'000);
  const auto events = story.change(failed, InstanceChange::start_failed);
  EXPECT_EQ(names(events), "instance-left operation-opened instance-requested");
  EXPECT_EQ(one<OperationOpened>(events).first_pool, "b");
  EXPECT_EQ(one<InstanceRequested>(events).pool, "b");
  // Only when that pool has no capacity does the normal walk begin.
  const auto denied = story.deny(6, RefusalKind::capacity, 60'000);
  EXPECT_EQ(one<FallbackChosen>(denied).to, "a");
  story.deny(7, RefusalKind::capacity, 60'000);
  story.deny(8, RefusalKind::capacity, 60'000);
  story.pass_ms(60'000);
  const auto reopened = story.tell(PoolOpened{"primary", "b"});
  EXPECT_EQ(one<InstanceRequested>(reopened).pool, "a");
}

TEST(EndpointDecider, E9_unhealthy_before_it_served_is_a_failed_start) {
  Story story;
  story.create(three_pools(1));
  story.deny(1, RefusalKind::capacity, 60'000);
  story.grant(2, 1);
  story.pass_ms(100'000);
  const auto events =
      story.change(story.in(Phase::starting)[0], InstanceChange::unhealthy);
  EXPECT_EQ(one<InstanceLeft>(events).reason, LeaveReason::start_failed);
  EXPECT_EQ(one<InstanceRequested>(events).pool, "b");
}

TEST(EndpointDecider, E9_too_many_failed_starts_fail_a_creation) {
  Story story;
  story.create(three_pools(2));
  story.grant(1, 2);
  for (std::uint32_t request = 2; request <= 4; ++request) {
    story.change(story.in(Phase::starting).back(),
                 InstanceChange::start_failed);
    story.grant(request, 1);
  }
  const auto events =
      story.change(story.in(Phase::starting).back(),
                   InstanceChange::start_failed, "exit code 1\n");
  EXPECT_EQ(names(events), "instance-left endpoint-failed drain-requested");
  const auto failed = one<EndpointFailed>(events);
  EXPECT_EQ(failed.reason, reasons::container_start_failed);
  EXPECT_EQ(failed.message,
            "variant primary: 4 failed starts in a row, 3 are accepted; the "
            "last: instance 4-1-0 of pool a: exit code 1\\x0a");
}

TEST(EndpointDecider, E9_in_service_failed_starts_back_off) {
  Story story = Story::in_service(1);
  story.scale_to(2);
  std::uint32_t request = 2;
  std::string pauses;
  for (int i = 0; i < 9; ++i) {
    story.grant(request++, 1);
    const auto opened = one<OperationOpened>(story.change(
        story.in(Phase::starting).back(), InstanceChange::start_failed));
    const std::int64_t pause = opened.not_before.us == 0
                                   ? 0
                                   : ms_between(story.now, opened.not_before);
    pauses += std::to_string(pause / 1000) + ' ';
    if (pause == 0) continue;
    EXPECT_EQ(names(story.tell(PoolOpened{"primary", "a"})), "");
    EXPECT_EQ(names(story.wait()), "instance-requested");
    EXPECT_EQ(story.now, opened.not_before);
  }
  EXPECT_EQ(pauses, "0 0 0 60 120 240 480 600 600 ");
  story.grant(request, 1);
  story.all_ready();
  EXPECT_EQ(story.state.variants.at("primary").start_failures, 0U);
}

TEST(EndpointDecider, E9_the_pause_is_for_the_first_walk_only) {
  Story story = Story::in_service(1);
  story.scale_to(2);
  story.state.variants.at("primary").start_failures = 3;
  story.grant(2, 1);
  story.change(story.in(Phase::starting)[0], InstanceChange::start_failed);
  story.wait();
  for (std::uint32_t request = 3; request <= 5; ++request)
    story.deny(request, RefusalKind::capacity, 60'000);
  EXPECT_EQ(Decider::next_deadline(story.state), after_ms(story.now, 120'000));
}

TEST(EndpointDecider, E9_the_pool_first_asked_may_be_gone) {
  Story story = Story::in_service(1);
  story.state.variants.at("primary").start_failures = 9;
  EndpointSpec spec = three_pools(1);
  spec.variants[0].pools.push_back(pool("d", 0 + 1));
  spec.variants[0].pools.back().price_micros_per_hour = 7;
  story.update(spec);
  story.scale_to(2);
  story.deny(2, RefusalKind::capacity, 3'600'000);
  story.grant(3, 1);
  const InstanceId failed = story.in(Phase::starting)[0];
  ASSERT_EQ(story.pool_of(failed), "d");
  story.change(failed, InstanceChange::start_failed);
  story.change(failed, InstanceChange::terminated);
  spec.variants[0].pools.pop_back();
  EXPECT_EQ(names(story.update(spec)), "endpoint-updated");
  EXPECT_EQ(one<InstanceRequested>(story.wait()).pool, "b");
}

TEST(EndpointDecider, an_instance_may_speak_before_its_pool) {
  Story story;
  story.create(three_pools(2));
  const auto ids = story.ids(1, 2);
  EXPECT_EQ(names(story.change(ids[0], InstanceChange::ready)),
            "capacity-granted instance-joined");
  const auto events = story.tell(story.grant_of(1, ids));
  EXPECT_EQ(one<CapacityGranted>(events).instances,
            std::vector<InstanceId>{ids[1]});
  EXPECT_EQ(names(story.change({77}, InstanceChange::ready)), "");
}

TEST(EndpointDecider, a_grant_again_is_not_taken_on_again) {
  Story story;
  story.create(three_pools(3));
  const auto granted = story.grant_of(1, story.ids(1, 1));
  story.tell(granted);
  EXPECT_EQ(names(story.tell(granted)), "");
  story.change(granted.instances[0], InstanceChange::lost);
  EXPECT_EQ(names(story.tell(granted)), "");
  EXPECT_EQ(names(story.change(granted.instances[0], InstanceChange::ready)),
            "");
}

}  // namespace
}  // namespace understudy::endpoint
