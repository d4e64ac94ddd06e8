#include "tests/unit/pool/pool_given.hpp"

namespace understudy::pool {
namespace {

TEST(PoolDecider, P2_capacity_refusal_moves_to_next_offering) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 2));

  const auto events = pool.when(refused(1, 1, 2, RefusalKind::capacity));

  EXPECT_EQ(names(events),
            (Names{"launch-refused", "pool-cooled-down", "launch-attempted"}));
  const auto refusal = only<LaunchRefused>(events);
  EXPECT_EQ(refusal.operation, OperationId{10});
  EXPECT_EQ(refusal.offering, offering("a"));
  EXPECT_EQ(refusal.kind, RefusalKind::capacity);
  EXPECT_EQ(refusal.code, "Code-capacity");
  EXPECT_EQ(refusal.message, "message of capacity");
  EXPECT_EQ(only<LaunchAttempted>(events).offering, offering("b"));
}

TEST(PoolDecider, P2_denial_lists_each_offering_and_when_it_reopens) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 2));
  const Instant until_a =
      only<PoolCooledDown>(pool.when(refused(1, 1, 2, RefusalKind::capacity)))
          .until;
  pool.later_ms(500);

  const auto events = pool.when(refused(1, 2, 2, RefusalKind::capacity));

  EXPECT_EQ(names(events),
            (Names{"launch-refused", "pool-cooled-down", "capacity-denied"}));
  const Instant until_b = only<PoolCooledDown>(events).until;
  const auto denied = only<CapacityDenied>(events);
  EXPECT_EQ(denied.count, 2U);
  ASSERT_EQ(denied.refusals.size(), 2U);
  EXPECT_EQ(denied.refusals[0],
            (OfferingRefusal{offering("a"), RefusalKind::capacity,
                             "Code-capacity", "message of capacity", until_a}));
  EXPECT_EQ(denied.refusals[1].until, until_b);
  EXPECT_EQ(denied.reopens_at, std::min(until_a, until_b));
  EXPECT_TRUE(pool.state.requests.empty());
}

TEST(PoolDecider, P2_cooling_offering_is_not_asked) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 1));
  const Instant until =
      only<PoolCooledDown>(pool.when(refused(1, 1, 1, RefusalKind::capacity)))
          .until;
  pool.when(granted(1, 2, 1));

  pool.when(request(2, 1));
  const auto events = pool.when(refused(2, 1, 1, RefusalKind::infeasible));

  const auto denied = only<CapacityDenied>(events);
  EXPECT_EQ(denied.refusals[0],
            (OfferingRefusal{offering("a"), RefusalKind::cooling,
                             "Code-capacity", "message of capacity", until}));
  EXPECT_EQ(denied.refusals[1].kind, RefusalKind::infeasible);
  EXPECT_EQ(denied.reopens_at, until);
}

TEST(PoolDecider, P2_request_to_a_cooling_pool_is_denied_at_once) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 1, RefusalKind::capacity));
  EXPECT_EQ(names(pool.when(request(2, 1))),
            (Names{"launch-requested", "capacity-denied"}));
}

TEST(PoolDecider, P3_quota_ends_the_request_without_cool_down) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 2));

  const auto events = pool.when(refused(1, 1, 2, RefusalKind::quota));

  EXPECT_EQ(names(events), (Names{"launch-refused", "capacity-denied"}));
  const auto denied = only<CapacityDenied>(events);
  ASSERT_EQ(denied.refusals.size(), 2U);
  for (const OfferingRefusal& refusal : denied.refusals) {
    EXPECT_EQ(refusal.kind, RefusalKind::quota);
    EXPECT_EQ(refusal.code, "Code-quota");
  }
  EXPECT_EQ(denied.reopens_at, Instant{});
  EXPECT_EQ(only<LaunchAttempted>(pool.when(request(2, 1))).offering,
            offering("a"));
}

TEST(PoolDecider, P3_quota_after_a_partial_grant_denies_the_rest) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 5));
  LaunchOutcome outcome = granted(1, 1, 3);
  outcome.refused = 2;
  outcome.kind = RefusalKind::quota;
  const auto events = pool.when(outcome);
  EXPECT_EQ(names(events),
            (Names{"instance-launched", "launch-refused", "capacity-denied"}));
  EXPECT_EQ(only<CapacityDenied>(events).count, 2U);
}

TEST(PoolDecider, P4_infeasible_offering_is_never_asked_again) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 1));
  const auto events = pool.when(refused(1, 1, 1, RefusalKind::infeasible));
  EXPECT_EQ(names(events), (Names{"launch-refused", "launch-attempted"}));
  pool.when(granted(1, 2, 1));
  pool.later_ms(86'400'000);
  EXPECT_EQ(only<LaunchAttempted>(pool.when(request(2, 1))).offering,
            offering("b"));
}

TEST(PoolDecider, P4_pool_that_is_infeasible_altogether_says_so) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 1, RefusalKind::infeasible));
  const auto denied = only<CapacityDenied>(pool.when(request(2, 1)));
  EXPECT_EQ(denied.refusals[0].kind, RefusalKind::infeasible);
  EXPECT_EQ(denied.refusals[0].code, "Code-infeasible");
  EXPECT_EQ(denied.reopens_at, Instant{});
}

TEST(PoolDecider, P4_changed_specification_may_be_feasible) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 1, RefusalKind::infeasible));
  Configure changed = configure({"a"});
  changed.health.drain_timeout_ms = 1;
  pool.when(changed);
  EXPECT_TRUE(pool.of("a").infeasible);
  changed.model = "smaller";
  pool.when(changed);
  EXPECT_FALSE(pool.of("a").infeasible);
  pool.when(request(2, 1));
  pool.when(refused(2, 1, 1, RefusalKind::infeasible));
  EXPECT_TRUE(pool.of("a").infeasible);
  changed.environment.clear();
  pool.when(changed);
  EXPECT_FALSE(pool.of("a").infeasible);
}

TEST(PoolDecider, P4_verdict_on_the_old_specification_does_not_stick) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  Configure changed = configure({"a"});
  const std::vector<Effect> owed = Decider::outstanding(pool.state);
  ASSERT_EQ(owed.size(), 1U);
  changed.model = "smaller";
  changed.environment = {{"DTYPE", "int8"}};
  changed.spec.max_concurrency = 4;
  pool.when(changed);
  EXPECT_EQ(Decider::outstanding(pool.state), owed)
      << "a call in flight keeps its content";

  pool.when(refused(1, 1, 1, RefusalKind::infeasible));

  EXPECT_FALSE(pool.of("a").infeasible);
}

TEST(PoolDecider, P5_throttled_offering_is_asked_again_as_told) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 2));
  LaunchOutcome outcome = refused(1, 1, 0, RefusalKind::throttled);
  outcome.retry_after_ms = 7'000;

  const auto events = pool.when(outcome);

  EXPECT_EQ(names(events), (Names{"launch-deferred"}));
  EXPECT_EQ(only<LaunchDeferred>(events).until, after_ms(pool.now, 7'000));
  EXPECT_TRUE(Decider::outstanding(pool.state).empty());
  EXPECT_EQ(Decider::next_deadline(pool.state), after_ms(pool.now, 7'000));
  EXPECT_TRUE(pool.when(DeadlineReached{}).empty()) << "too early";
  const auto again = pool.at_deadline();
  EXPECT_EQ(names(again), (Names{"launch-attempted"}));
  EXPECT_EQ(only<LaunchAttempted>(again).offering, offering("a"));
  EXPECT_EQ(only<LaunchAttempted>(again).attempt, 2);
  EXPECT_EQ(Decider::next_deadline(pool.state), Instant::never());
}

TEST(PoolDecider, P5_patience_lasts_at_least_a_second) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  const auto events = pool.when(refused(1, 1, 0, RefusalKind::throttled));
  EXPECT_EQ(only<LaunchDeferred>(events).until, after_ms(pool.now, 1'000));
}

TEST(PoolDecider, P5_patience_holds_for_every_request_of_the_pool) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 0, RefusalKind::throttled));
  EXPECT_EQ(names(pool.when(request(2, 1))), (Names{"launch-requested"}));
  EXPECT_EQ(names(pool.at_deadline()),
            (Names{"launch-attempted", "launch-attempted"}));
}

TEST(PoolDecider, P6_no_answer_is_reconciled_before_anything_else) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 2));
  pool.later_ms(30'000);

  const auto events = pool.when(refused(1, 1, 0, RefusalKind::unknown));

  EXPECT_EQ(names(events), (Names{"launch-unconfirmed"}));
  const std::vector<Effect> owed = {
      Reconcile{RequestId{1}, 1, offering("a"), pool.now}};
  EXPECT_EQ(Decider::outstanding(pool.state), owed);
  EXPECT_TRUE(pool.when(refused(1, 1, 0, RefusalKind::unknown)).empty());
}

TEST(PoolDecider, P6_found_instances_are_launched_and_the_rest_asked_again) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 3));
  pool.when(refused(1, 1, 0, RefusalKind::unknown));

  const auto events = pool.when(reconciled(1, 1, 2));

  EXPECT_EQ(names(events), (Names{"instance-launched", "launch-attempted"}));
  EXPECT_EQ(only<LaunchAttempted>(events).offering, offering("a"));
  EXPECT_EQ(only<LaunchAttempted>(events).count, 1U);
  EXPECT_TRUE(pool.when(reconciled(1, 1, 2)).empty());
}

TEST(PoolDecider, P6_nothing_found_goes_on_without_cool_down) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 3));
  pool.when(refused(1, 1, 0, RefusalKind::unknown));

  const auto events = pool.when(reconciled(1, 1, 0));

  EXPECT_EQ(names(events), (Names{"launch-refused", "launch-attempted"}));
  EXPECT_EQ(only<LaunchRefused>(events).kind, RefusalKind::unknown);
  EXPECT_EQ(only<LaunchRefused>(events).count, 3U);
  EXPECT_EQ(only<LaunchAttempted>(events).offering, offering("b"));
}

TEST(PoolDecider, P6_answer_that_comes_after_all_is_taken) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 0, RefusalKind::unknown));
  EXPECT_EQ(names(pool.when(granted(1, 1, 1))), (Names{"instance-launched"}));
  EXPECT_TRUE(pool.when(reconciled(1, 1, 1)).empty());
}

TEST(PoolDecider, P6_list_is_read_only_when_it_was_asked_for) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  EXPECT_TRUE(pool.when(reconciled(1, 1, 1)).empty());
  EXPECT_TRUE(pool.when(reconciled(9, 1, 1)).empty());
}

TEST(PoolDecider, P6_unexplained_shortfall_is_not_read_as_a_shortage) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 2));
  const auto events = pool.when(granted(1, 1, 1));
  EXPECT_EQ(names(events),
            (Names{"instance-launched", "launch-refused", "launch-attempted"}));
  EXPECT_EQ(only<LaunchRefused>(events).kind, RefusalKind::unknown);
  EXPECT_FALSE(pool.of("a").cooling());
}

}  // namespace
}  // namespace understudy::pool
