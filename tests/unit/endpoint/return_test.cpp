#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

constexpr std::int64_t dwell_ms = 1'800'000;

EndpointSpec active_return() {
  EndpointSpec spec = three_pools(3);
  spec.variants[0].return_policy.mode = ReturnMode::active;
  return spec;
}

/// One instance in each pool; pool a refused at 1 s and reopens at 61 s.
Story settled() { return Story::one_in_each(active_return()); }

TEST(EndpointDecider, E10_the_default_never_moves_what_runs) {
  Story story = Story::one_in_each();
  EXPECT_EQ(Decider::next_deadline(story.state), Instant::never());
  story.pass_ms(60'000);
  EXPECT_EQ(names(story.tell(PoolOpened{"primary", "a"})), "");
}

TEST(EndpointDecider, E10_after_the_dwell_time_one_probe_goes_out) {
  Story story = settled();
  story.now = after_ms(start, 61'000);
  const Instant opened_at = story.now;
  EXPECT_EQ(names(story.tell(PoolOpened{"primary", "a"})),
            "preferred-pool-opened");
  EXPECT_EQ(names(story.tell(PoolOpened{"primary", "a"})), "");
  const auto events = story.wait();
  EXPECT_EQ(story.now, after_ms(opened_at, dwell_ms));
  EXPECT_EQ(names(events), "operation-opened instance-requested");
  const auto opened = one<OperationOpened>(events);
  EXPECT_EQ(opened.kind, OperationKind::return_to_preferred);
  EXPECT_EQ(opened.count, 1U);
  EXPECT_EQ(one<InstanceRequested>(events).pool, "a");
}

TEST(EndpointDecider, E10_works_without_word_of_reopening) {
  Story story = settled();
  EXPECT_EQ(one<InstanceRequested>(story.wait()).pool, "a");
  EXPECT_EQ(story.now, after_ms(start, 1'000 + 60'000 + dwell_ms));
}

TEST(EndpointDecider, E10_drains_one_of_the_worst_when_the_new_one_serves) {
  Story story = settled();
  story.wait();
  EXPECT_EQ(names(story.grant(4, 1)), "capacity-granted operation-completed");
  EXPECT_EQ(story.in(Phase::ready).size(), 3U);
  const auto events =
      story.change(story.in(Phase::starting)[0], InstanceChange::ready);
  EXPECT_EQ(names(events), "instance-joined drain-requested");
  const auto drained = one<DrainRequested>(events);
  EXPECT_EQ(drained.pool, "c");
  EXPECT_EQ(drained.reason, DrainReason::returned_to_preferred);
  // The next move waits for the budget.
  const Instant moved = story.now;
  story.wait();
  EXPECT_EQ(story.now, after_ms(moved, 600'000));
}

TEST(EndpointDecider, E10_a_refusal_aborts_it) {
  Story story = settled();
  story.wait();
  const auto events = story.deny(4, RefusalKind::capacity, 60'000);
  EXPECT_EQ(names(events),
            "request-closed launch-cancelled operation-completed");
  EXPECT_EQ(one<OperationCompleted>(events).cancelled, 1U);
  // Pool a has to dwell again; pool b is better than c and open for longer.
  const Instant refused = story.now;
  EXPECT_EQ(one<InstanceRequested>(story.wait()).pool, "b");
  EXPECT_EQ(story.now, after_ms(refused, 600'000));
}

TEST(EndpointDecider, E10_a_failed_start_of_the_probe_replaces_nothing) {
  Story story = settled();
  story.wait();
  story.grant(4, 1);
  const auto events =
      story.change(story.in(Phase::starting)[0], InstanceChange::start_failed);
  EXPECT_EQ(names(events), "instance-left");
  EXPECT_EQ(story.in(Phase::ready).size(), 3U);
}

TEST(EndpointDecider, E10_a_loss_meanwhile_takes_the_probe_as_replacement) {
  Story story = settled();
  story.wait();
  story.grant(4, 1);
  const auto events =
      story.change(story.in(Phase::ready)[0], InstanceChange::lost);
  EXPECT_EQ(names(events), "instance-left instance-released");
  EXPECT_EQ(names(story.all_ready()), "instance-joined");
}

TEST(EndpointDecider, E10_a_loss_cancels_a_probe_that_is_still_asked_for) {
  Story story = settled();
  story.wait();
  const auto events =
      story.change(story.in(Phase::ready)[0], InstanceChange::lost);
  EXPECT_EQ(names(events),
            "launch-cancelled operation-completed instance-left "
            "operation-opened instance-requested instance-released");
}

TEST(EndpointDecider, E10_scaling_takes_the_probe_as_one_of_the_wanted) {
  Story story = settled();
  story.wait();
  story.grant(4, 1);
  EXPECT_EQ(names(story.scale_to(4)), "scale-out");
  EXPECT_EQ(names(story.all_ready()), "instance-joined");
}

TEST(EndpointDecider, E10_scaling_in_gives_the_probe_up) {
  Story story = settled();
  story.wait();
  EXPECT_EQ(names(story.scale_to(2)),
            "launch-cancelled operation-completed scale-in drain-requested");
}

TEST(EndpointDecider, E10_deadline_of_a_probe_gives_it_up) {
  Story story = settled();
  story.wait();
  const auto events = story.wait();
  EXPECT_EQ(names(events), "launch-cancelled operation-completed");
}

TEST(EndpointDecider, E10_late_grant_of_a_given_up_probe_is_surplus) {
  Story story = settled();
  story.wait();
  story.scale_to(2);
  const auto events = story.grant(4, 1);
  EXPECT_EQ(names(events), "capacity-granted drain-requested");
}

TEST(EndpointDecider, E10_surplus_meanwhile_leaves_the_probe_alone) {
  Story story = settled();
  story.pass_ms(100'000);
  ASSERT_EQ(one<InstanceRequested>(story.scale_to(4)).pool, "a");
  story.scale_to(3);
  const auto asked = story.wait();
  ASSERT_EQ(one<OperationOpened>(asked).kind,
            OperationKind::return_to_preferred);
  story.grant(5, 1);
  const InstanceId probe = story.in(Phase::starting)[0];
  const auto events = story.grant(4, 1);
  EXPECT_EQ(names(events), "capacity-granted drain-requested");
  EXPECT_NE(one<DrainRequested>(events).instance, probe);
}

TEST(EndpointDecider, E10_equal_priority_is_no_better) {
  EndpointSpec spec = active_return();
  for (PoolSpec& one : spec.variants[0].pools)
    one.priority = 5;
  Story story = Story::one_in_each(spec);
  EXPECT_EQ(Decider::next_deadline(story.state), Instant::never());
}

TEST(EndpointDecider, E10_waits_while_anything_else_is_pending) {
  Story story = settled();
  story.scale_to(4);
  const Instant due = Decider::next_deadline(story.state);
  EXPECT_EQ(due, after_ms(story.now, 1'800'000));
}

}  // namespace
}  // namespace understudy::endpoint
