#include "tests/unit/pool/pool_given.hpp"

namespace understudy::pool {
namespace {

TEST(PoolDecider, P1_request_asks_first_offering_for_all) {
  PoolGiven pool({"a", "b"});

  const auto events = pool.when(request(1, 5));

  EXPECT_EQ(names(events), (Names{"launch-requested", "launch-attempted"}));
  const auto attempt = only<LaunchAttempted>(events);
  EXPECT_EQ(attempt.operation, OperationId{10});
  EXPECT_EQ(attempt.request, RequestId{1});
  EXPECT_EQ(attempt.attempt, 1);
  EXPECT_EQ(attempt.offering, offering("a"));
  EXPECT_EQ(attempt.count, 5U);
  const std::vector<Effect> owed = {Launch{OperationId{10},
                                           RequestId{1},
                                           1,
                                           offering("a"),
                                           5,
                                           "llama",
                                           pool.now,
                                           {{"DTYPE", "bf16"}},
                                           8}};
  EXPECT_EQ(Decider::outstanding(pool.state), owed);
}

TEST(PoolDecider, P1_full_grant_ends_the_request_without_denial) {
  PoolGiven pool({"a"});
  pool.when(request(1, 2));

  const auto events = pool.when(granted(1, 1, 2));

  EXPECT_EQ(names(events), (Names{"instance-launched"}));
  const auto launched = only<InstanceLaunched>(events);
  ASSERT_EQ(launched.instances.size(), 2U);
  EXPECT_EQ(to_string(launched.instances[0].id), "1-1-0");
  EXPECT_EQ(to_string(launched.instances[1].id), "1-1-1");
  EXPECT_EQ(launched.instances[1].provider_ref, "i-1-1-1");
  EXPECT_EQ(launched.instances[1].address, "host-1-1-1:80");
  EXPECT_EQ(launched.model, "llama");
  EXPECT_EQ(launched.max_concurrency, 8U);
  EXPECT_EQ(launched.price_micros_per_hour, 98'000'000U);
  EXPECT_TRUE(pool.state.requests.empty());
  EXPECT_TRUE(Decider::outstanding(pool.state).empty());
}

TEST(PoolDecider, P1_partial_grant_passes_the_rest_to_the_next_offering) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 5));
  LaunchOutcome outcome = granted(1, 1, 3);
  outcome.refused = 2;
  outcome.kind = RefusalKind::capacity;

  const auto events = pool.when(outcome);

  EXPECT_EQ(names(events), (Names{"instance-launched", "launch-refused",
                                  "pool-cooled-down", "launch-attempted"}));
  EXPECT_EQ(only<LaunchRefused>(events).count, 2U);
  EXPECT_EQ(only<LaunchAttempted>(events).offering, offering("b"));
  EXPECT_EQ(only<LaunchAttempted>(events).attempt, 2);
  EXPECT_EQ(only<LaunchAttempted>(events).count, 2U);
}

TEST(PoolDecider, P1_a_request_is_taken_on_once) {
  PoolGiven pool({"a"});
  pool.when(request(3, 1));
  EXPECT_TRUE(pool.when(request(3, 1)).empty());
  pool.when(granted(3, 1, 1));
  EXPECT_TRUE(pool.when(request(3, 1)).empty());
  EXPECT_TRUE(pool.when(request(2, 1)).empty());
  EXPECT_TRUE(pool.when(request(9, 0)).empty());
  EXPECT_EQ(names(pool.when(request(7, 1))),
            (Names{"launch-requested", "launch-attempted"}));
}

TEST(PoolDecider, P1_two_requests_are_in_flight_together) {
  PoolGiven pool({"a"});
  pool.when(request(1, 2));
  EXPECT_EQ(only<LaunchAttempted>(pool.when(request(2, 3))).count, 3U);
  EXPECT_EQ(Decider::outstanding(pool.state).size(), 2U);
}

TEST(PoolDecider, P1_unconfigured_pool_denies) {
  PoolGiven pool;
  const auto events = pool.when(request(1, 2));
  EXPECT_EQ(names(events), (Names{"launch-requested", "capacity-denied"}));
  EXPECT_EQ(only<CapacityDenied>(events).count, 2U);
  EXPECT_TRUE(only<CapacityDenied>(events).refusals.empty());
}

TEST(PoolDecider, P1_more_granted_than_asked_is_given_back) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));

  const auto events = pool.when(granted(1, 1, 3));

  EXPECT_EQ(names(events),
            (Names{"instance-launched", "orphan-returned", "orphan-returned"}));
  EXPECT_EQ(only<InstanceLaunched>(events).instances.size(), 1U);
}

TEST(PoolDecider, P1_huge_requests_stay_within_instance_numbers) {
  PoolGiven pool({"a"});
  EXPECT_EQ(only<LaunchAttempted>(pool.when(request(1, 70'000))).count,
            65'535U);
  const auto events = pool.when(granted(1, 1, 65'535));
  EXPECT_EQ(only<InstanceLaunched>(events).instances.back().id.index(),
            65'534U);
  EXPECT_EQ(only<LaunchAttempted>(events).count, 70'000U - 65'535U);
}

TEST(PoolDecider, P1_attempt_numbers_do_not_wrap) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  auto& open = pool.state.requests.at(RequestId{1});
  open.attempts = 65'535;
  open.attempt->number = 65'535;
  const auto events = pool.when(refused(1, 65'535, 1, RefusalKind::throttled));
  EXPECT_EQ(names(events), (Names{"launch-deferred", "capacity-denied"}));
}

TEST(PoolDecider, cancel_before_anything_is_in_flight_ends_with_nothing) {
  PoolGiven pool({"a"});
  pool.when(request(1, 3));
  pool.when(refused(1, 1, 0, RefusalKind::throttled));

  const auto events = pool.when(cancel(1, 3));

  EXPECT_EQ(names(events), (Names{"launch-withdrawn", "capacity-denied"}));
  EXPECT_EQ(only<CapacityDenied>(events).count, 0U);
  EXPECT_TRUE(pool.state.requests.empty());
  EXPECT_EQ(Decider::next_deadline(pool.state), Instant::never());
}

TEST(PoolDecider, cancel_lets_the_attempt_in_flight_finish) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 5));

  EXPECT_EQ(names(pool.when(cancel(1, 5))), (Names{"launch-withdrawn"}));
  EXPECT_EQ(Decider::outstanding(pool.state).size(), 1U);
  LaunchOutcome outcome = granted(1, 1, 3);
  outcome.refused = 2;
  outcome.kind = RefusalKind::capacity;
  const auto events = pool.when(outcome);

  EXPECT_EQ(names(events), (Names{"instance-launched", "launch-refused",
                                  "pool-cooled-down", "capacity-denied"}));
  EXPECT_EQ(only<CapacityDenied>(events).count, 0U);
}

TEST(PoolDecider, cancelled_instances_that_are_granted_are_all_reported) {
  PoolGiven pool({"a"});
  pool.when(request(1, 5));
  pool.when(cancel(1, 2));
  const auto events = pool.when(granted(1, 1, 5));
  EXPECT_EQ(names(events), (Names{"instance-launched"}));
  EXPECT_EQ(only<InstanceLaunched>(events).instances.size(), 5U);
  EXPECT_TRUE(pool.state.requests.empty());
}

TEST(PoolDecider, cancel_in_part_lets_the_rest_go_on) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 5));
  EXPECT_EQ(only<LaunchWithdrawn>(pool.when(cancel(1, 2))).count, 2U);
  const auto events = pool.when(refused(1, 1, 5, RefusalKind::capacity));
  EXPECT_EQ(only<LaunchAttempted>(events).count, 3U);
  const auto last = pool.when(refused(1, 2, 3, RefusalKind::capacity));
  EXPECT_EQ(only<CapacityDenied>(last).count, 3U);
}

TEST(PoolDecider, cancel_of_more_than_wanted_takes_what_there_is) {
  PoolGiven pool({"a"});
  pool.when(request(1, 2));
  EXPECT_EQ(only<LaunchWithdrawn>(pool.when(cancel(1, 9))).count, 2U);
  EXPECT_TRUE(pool.when(cancel(1, 9)).empty());
  EXPECT_TRUE(pool.when(cancel(4, 1)).empty());
  EXPECT_TRUE(pool.when(cancel(1, 0)).empty());
}

}  // namespace
}  // namespace understudy::pool
