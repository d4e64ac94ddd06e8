#include "tests/unit/pool/pool_given.hpp"

namespace understudy::pool {
namespace {

static_assert(::understudy::Decider<Decider>);

TEST(PoolDecider, configure_is_stored_once) {
  PoolGiven pool;
  EXPECT_EQ(names(pool.when(configure({"a", "b"}))),
            (Names{"pool-configured"}));
  EXPECT_TRUE(pool.when(configure({"a", "b"})).empty());
  EXPECT_EQ(names(pool.when(configure({"b"}))), (Names{"pool-configured"}));
  ASSERT_EQ(pool.state.offerings.size(), 1U);
}

TEST(PoolDecider, configure_with_default_content_counts_as_configured) {
  PoolGiven pool;
  EXPECT_EQ(pool.when(Configure{}).size(), 1U);
  EXPECT_TRUE(pool.when(Configure{}).empty());
}

TEST(PoolDecider, configure_keeps_the_cool_down_of_offerings_that_stay) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 1, RefusalKind::capacity));
  pool.when(refused(1, 2, 1, RefusalKind::capacity));
  const OfferingState before = pool.of("a");

  pool.when(configure({"c", "a"}));

  EXPECT_EQ(pool.of("a"), before);
  EXPECT_EQ(pool.state.offerings.size(), 2U);
  EXPECT_EQ(only<LaunchAttempted>(pool.when(request(2, 1))).offering,
            offering("c"));
}

TEST(PoolDecider, configure_lists_a_zone_once) {
  PoolGiven pool({"a", "a"});
  EXPECT_EQ(pool.state.offerings.size(), 1U);
}

TEST(PoolDecider, configure_gives_waiting_requests_new_offerings) {
  PoolGiven pool({"a"});
  pool.refuse_and_reopen(1);
  pool.when(request(2, 1));
  pool.when(request(3, 1));
  const auto events = pool.when(configure({"a", "b"}));
  EXPECT_EQ(names(events), (Names{"pool-configured", "launch-attempted"}));
  EXPECT_EQ(only<LaunchAttempted>(events).request, RequestId{3});
}

TEST(PoolDecider, configure_denies_waiting_requests_that_lost_their_zone) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 0, RefusalKind::throttled));
  const auto events = pool.when(configure({}));
  EXPECT_EQ(names(events), (Names{"pool-configured", "capacity-denied"}));
  EXPECT_EQ(Decider::next_deadline(pool.state), Instant::never());
}

TEST(PoolDecider, configure_lets_a_call_to_a_removed_zone_finish) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 2));
  pool.when(configure({"b"}));
  LaunchOutcome outcome = granted(1, 1, 1);
  outcome.refused = 1;
  outcome.kind = RefusalKind::capacity;

  const auto events = pool.when(outcome);

  EXPECT_EQ(names(events),
            (Names{"instance-launched", "launch-refused", "launch-attempted"}))
      << "no cool-down of an offering that is not there";
  EXPECT_EQ(only<InstanceLaunched>(events).offering, offering("a"));
}

TEST(PoolDecider, ended_means_that_nothing_is_known) {
  PoolGiven pool;
  EXPECT_TRUE(Decider::ended(pool.state));
  pool.when(OrphanFound{RequestId{1}, 1, "i-1"});
  EXPECT_FALSE(Decider::ended(pool.state));
  pool.when(OrphanGone{"i-1"});
  EXPECT_TRUE(Decider::ended(pool.state));
  pool.when(configure({"a"}));
  EXPECT_FALSE(Decider::ended(pool.state));
}

}  // namespace
}  // namespace understudy::pool
