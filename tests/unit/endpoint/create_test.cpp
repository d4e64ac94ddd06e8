#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

TEST(EndpointDecider, E1_creation_asks_the_best_pool_for_all) {
  Story story;
  const auto events = story.create(three_pools(5));
  EXPECT_EQ(names(events),
            "endpoint-created operation-opened instance-requested");
  const auto opened = one<OperationOpened>(events);
  EXPECT_EQ(opened.kind, OperationKind::creation);
  EXPECT_EQ(opened.count, 5U);
  EXPECT_EQ(opened.deadline, after_ms(start, 1'800'000));
  const auto asked = one<InstanceRequested>(events);
  EXPECT_EQ(asked.pool, "a");
  EXPECT_EQ(asked.count, 5U);
  EXPECT_EQ(asked.operation, opened.operation);
  EXPECT_EQ(story.state.status, Status::creating);
  EXPECT_EQ(Decider::next_deadline(story.state), opened.deadline);
}

TEST(EndpointDecider, E1_every_variant_opens_its_own_operation) {
  EndpointSpec spec = three_pools(1);
  spec.variants.push_back(spec.variants[0]);
  spec.variants[1].name = "second";
  Story story;
  const auto events = story.create(spec);
  EXPECT_EQ(all<OperationOpened>(events).size(), 2U);
  EXPECT_EQ(one<InstanceRequested>(events).variant, "second");
}

TEST(EndpointDecider, E1_created_specification_has_its_defaults) {
  EndpointSpec spec = three_pools(1);
  spec.variants[0].pools[0].name = "";
  Story story;
  const auto created = one<EndpointCreated>(story.create(spec));
  EXPECT_EQ(created.spec.variants[0].pools[0].name, "type-a");
  EXPECT_EQ(created.spec.variants[0].pools[0].quota_family, "type-a/on-demand");
}

TEST(EndpointDecider, E6_with_none_wanted_is_in_service_at_once) {
  EndpointSpec spec = three_pools(0);
  ScalingPolicy& scaling = spec.variants[0].scaling;
  scaling.enabled = true;
  scaling.min_count = 0;
  scaling.max_count = 4;
  scaling.targets = {ScalingTarget{}};
  Story story;
  EXPECT_EQ(names(story.create(spec)), "endpoint-created endpoint-in-service");
  EXPECT_EQ(names(story.tell(DesiredDecided{"primary", 1, {}})),
            "scale-out operation-opened instance-requested");
  story.grant(1, 1);
  story.all_ready();
  EXPECT_EQ(names(story.tell(DesiredDecided{"primary", 0, {}})),
            "scale-in drain-requested");
  EXPECT_EQ(story.state.status, Status::in_service);
}

TEST(EndpointDecider, E4_creation_deadline_fails_and_gives_back) {
  Story story;
  story.create(three_pools(5));
  story.grant(1, 2);
  story.deny(1, RefusalKind::capacity, 60'000);
  story.deny(2, RefusalKind::quota);
  const auto events = story.wait();
  EXPECT_EQ(story.now, after_ms(start, 1'800'000));
  EXPECT_EQ(names(events),
            "provisioning-timed-out endpoint-failed launch-cancelled "
            "drain-requested drain-requested");
  const auto timed_out = one<ProvisioningTimedOut>(events);
  EXPECT_EQ(timed_out.granted, 2U);
  EXPECT_EQ(timed_out.missing, 3U);
  const auto failed = one<EndpointFailed>(events);
  EXPECT_EQ(failed.reason, reasons::provisioning_timed_out);
  EXPECT_EQ(failed.message,
            "variant primary: 3 of 5 instances were not launched within "
            "1800 s; pool a: capacity, Code: the provider's text; pool b: "
            "quota, Code: the provider's text; pool c: no answer");
  ASSERT_EQ(failed.pools.size(), 3U);
  EXPECT_EQ(failed.pools[1].pool, "b");
  EXPECT_EQ(failed.pools[1].kind, RefusalKind::quota);
  EXPECT_EQ(failed.variants, std::vector<std::string>{"primary"});
  EXPECT_EQ(one<DrainRequested>(events).reason, DrainReason::creation_failed);
  EXPECT_EQ(Decider::next_deadline(story.state), Instant::never());
}

TEST(EndpointDecider, E4_late_grants_of_a_failed_creation_are_drained) {
  Story story;
  story.create(three_pools(3));
  story.wait();
  ASSERT_EQ(story.state.status, Status::failed);
  const auto events = story.grant(1, 2);
  EXPECT_EQ(names(events), "capacity-granted drain-requested drain-requested");
  EXPECT_EQ(names(story.deny(1, RefusalKind::capacity, 60'000)),
            "request-closed");
  for (const InstanceId id : story.in(Phase::leaving)) {
    EXPECT_EQ(names(story.change(id, InstanceChange::terminated)),
              "instance-released");
  }
  EXPECT_TRUE(story.state.instances.empty());
  EXPECT_TRUE(story.state.requests.empty());
}

TEST(EndpointDecider, E4_a_replacement_that_times_out_fails_a_creation) {
  Story story;
  story.create(three_pools(1));
  story.grant(1, 1);
  story.pass_ms(600'000);
  story.change(story.in(Phase::starting)[0], InstanceChange::lost);
  const auto events = story.wait();
  EXPECT_EQ(story.now, after_ms(start, 2'400'000));
  EXPECT_EQ(one<EndpointFailed>(events).reason,
            reasons::provisioning_timed_out);
}

TEST(EndpointDecider, E6_in_service_when_all_wanted_are_ready) {
  Story story;
  story.create(three_pools(3));
  story.grant(1, 2);
  story.deny(1, RefusalKind::capacity, 60'000);
  const auto granted = story.grant(2, 1);
  EXPECT_EQ(names(granted), "capacity-granted operation-completed");
  EXPECT_EQ(one<OperationCompleted>(granted).granted, 3U);
  story.pass_ms(90'000);
  const auto starting = story.in(Phase::starting);
  EXPECT_EQ(names(story.change(starting[0], InstanceChange::ready)),
            "instance-joined");
  story.change(starting[1], InstanceChange::ready);
  const auto events = story.change(starting[2], InstanceChange::ready);
  EXPECT_EQ(names(events), "instance-joined endpoint-in-service");
  const auto served = one<EndpointInService>(events);
  EXPECT_EQ(served.elapsed_ms, 90'000);
  EXPECT_EQ(served.pools,
            (std::vector<PoolCount>{{"primary", "a", 2}, {"primary", "b", 1}}));
}

TEST(EndpointDecider, E6_waits_for_every_variant) {
  EndpointSpec spec = three_pools(1);
  spec.variants.push_back(spec.variants[0]);
  spec.variants[1].name = "second";
  Story story;
  story.create(spec);
  story.grant(1, 1);
  EXPECT_TRUE(all<EndpointInService>(story.all_ready()).empty());
  story.grant(2, 1);
  EXPECT_EQ(all<EndpointInService>(story.all_ready()).size(), 1U);
}

TEST(EndpointDecider, E6_scaling_a_creation_down_may_complete_it) {
  Story story;
  story.create(three_pools(2));
  story.grant(1, 1);
  story.all_ready();
  EXPECT_EQ(names(story.scale_to(1)),
            "scale-in launch-cancelled operation-completed "
            "endpoint-in-service");
}

}  // namespace
}  // namespace understudy::endpoint
