#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

TEST(EndpointDecider, E11_drains_all_and_is_deleted_last) {
  Story story = Story::in_service(2);
  const auto events = story.remove();
  EXPECT_EQ(names(events), "endpoint-deleting drain-requested drain-requested");
  EXPECT_EQ(one<EndpointDeleting>(events).variants,
            std::vector<std::string>{"primary"});
  EXPECT_EQ(one<DrainRequested>(events).reason, DrainReason::endpoint_deleted);
  const auto leaving = story.in(Phase::leaving);
  EXPECT_EQ(names(story.change(leaving[0], InstanceChange::terminated)),
            "instance-released");
  EXPECT_EQ(names(story.change(leaving[1], InstanceChange::lost)),
            "instance-released endpoint-deleted");
  EXPECT_EQ(story.state.status, Status::deleted);
  EXPECT_EQ(names(story.change(leaving[1], InstanceChange::lost)), "");
}

TEST(EndpointDecider, E11_deletion_while_creating_waits_for_late_launches) {
  Story story;
  story.create(three_pools(3));
  story.grant(1, 1);
  const auto events = story.remove();
  EXPECT_EQ(names(events),
            "endpoint-deleting launch-cancelled operation-completed "
            "drain-requested");
  EXPECT_EQ(one<LaunchCancelled>(events).count, 2U);
  story.change(story.in(Phase::leaving)[0], InstanceChange::terminated);
  EXPECT_EQ(story.state.status, Status::deleting);
  EXPECT_EQ(names(story.grant(1, 1)), "capacity-granted drain-requested");
  EXPECT_EQ(names(story.deny(1, RefusalKind::none)), "request-closed");
  EXPECT_EQ(names(story.change(story.in(Phase::leaving)[0],
                               InstanceChange::terminated)),
            "instance-released endpoint-deleted");
}

TEST(EndpointDecider, E11_all_granted_after_all_ends_without_a_denial) {
  Story story;
  story.create(three_pools(1));
  story.remove();
  story.grant(1, 1);
  EXPECT_EQ(names(story.change(story.in(Phase::leaving)[0],
                               InstanceChange::terminated)),
            "instance-released endpoint-deleted");
}

TEST(EndpointDecider, E11_the_closing_word_may_be_the_last) {
  Story story;
  story.create(three_pools(1));
  story.remove();
  EXPECT_EQ(names(story.deny(1, RefusalKind::none)),
            "request-closed endpoint-deleted");
}

TEST(EndpointDecider, E11_a_waiting_operation_is_deleted_at_once) {
  Story story;
  story.create(three_pools(2));
  for (std::uint32_t request = 1; request <= 3; ++request)
    story.deny(request, RefusalKind::capacity, 60'000);
  EXPECT_EQ(names(story.remove()),
            "endpoint-deleting launch-cancelled operation-completed "
            "endpoint-deleted");
}

TEST(EndpointDecider, E11_a_noticed_instance_is_drained_too) {
  Story story = Story::in_service(1);
  story.change(story.in(Phase::ready)[0], InstanceChange::reclaim_noticed);
  EXPECT_EQ(names(story.remove()),
            "endpoint-deleting launch-cancelled operation-completed "
            "drain-requested");
}

TEST(EndpointDecider, E11_a_failed_endpoint_can_be_deleted) {
  Story story;
  story.create(three_pools(1));
  story.grant(1, 1);
  story.state.variants.at("primary").start_failures = 3;
  story.change(story.in(Phase::starting)[0], InstanceChange::start_failed);
  ASSERT_EQ(story.state.status, Status::failed);
  EXPECT_EQ(names(story.remove()), "endpoint-deleting");
  EXPECT_EQ(names(story.change(story.in(Phase::leaving)[0],
                               InstanceChange::terminated)),
            "instance-released endpoint-deleted");
}

TEST(EndpointDecider, E11_the_name_lives_again_with_new_numbers) {
  Story story;
  story.create(three_pools(1));
  story.remove();
  story.deny(1, RefusalKind::none);
  ASSERT_EQ(story.state.status, Status::deleted);
  EXPECT_FALSE(Decider::ended(story.state));
  const auto asked = one<InstanceRequested>(story.create(three_pools(1)));
  EXPECT_EQ(asked.operation, OperationId{2});
  EXPECT_EQ(asked.request, RequestId{2});
  // Word from the first life changes nothing in the second.
  EXPECT_EQ(
      names(story.change(InstanceId::make({1}, 1, 0), InstanceChange::ready)),
      "");
}

TEST(EndpointDecider, E11_no_new_deadline_while_deleting) {
  Story story = Story::in_service(1);
  story.scale_to(3);
  story.remove();
  EXPECT_EQ(Decider::next_deadline(story.state), Instant::never());
  story.pass_ms(9'000'000);
  EXPECT_EQ(names(story.tell(DeadlineReached{})), "");
}

}  // namespace
}  // namespace understudy::endpoint
