#include "tests/unit/pool/pool_given.hpp"

namespace understudy::pool {
namespace {

OrphanFound orphan(std::uint32_t id, std::uint16_t attempt, std::string ref) {
  return {RequestId{id}, attempt, std::move(ref)};
}

TEST(PoolDecider, orphan_is_given_back_until_it_is_gone) {
  PoolGiven pool({"a"});

  const auto events = pool.when(orphan(4, 2, "i-9"));

  EXPECT_EQ(names(events), (Names{"orphan-returned"}));
  EXPECT_EQ(only<OrphanReturned>(events).provider_ref, "i-9");
  const std::vector<Effect> owed = {GiveBack{"i-9", pool.now}};
  EXPECT_EQ(Decider::outstanding(pool.state), owed);
  pool.later_ms(5'000);
  EXPECT_TRUE(pool.when(orphan(4, 2, "i-9")).empty());
  EXPECT_EQ(Decider::outstanding(pool.state), owed);
  EXPECT_EQ(names(pool.when(OrphanGone{"i-9"})), (Names{"orphan-released"}));
  EXPECT_TRUE(Decider::outstanding(pool.state).empty());
  EXPECT_TRUE(pool.when(OrphanGone{"i-9"}).empty());
}

TEST(PoolDecider, orphan_of_an_attempt_in_flight_is_none) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  EXPECT_TRUE(pool.when(orphan(1, 1, "i-1-1-0")).empty());
  pool.when(refused(1, 1, 0, RefusalKind::unknown));
  EXPECT_TRUE(pool.when(orphan(1, 1, "i-1-1-0")).empty());
  pool.when(reconciled(1, 1, 0));
  EXPECT_EQ(names(pool.when(orphan(1, 1, "i-1-1-0"))),
            (Names{"orphan-returned"}));
}

TEST(PoolDecider, P6_grant_after_the_list_held_nothing_is_given_back) {
  PoolGiven pool({"a"});
  pool.when(request(1, 2));
  pool.when(refused(1, 1, 0, RefusalKind::unknown));
  pool.when(reconciled(1, 1, 0));
  EXPECT_TRUE(pool.state.requests.empty());

  const auto events = pool.when(granted(1, 1, 2));

  EXPECT_EQ(names(events), (Names{"orphan-returned", "orphan-returned"}));
  EXPECT_TRUE(pool.when(granted(1, 1, 2)).empty());
  pool.when(OrphanGone{"i-1-1-0"});
  pool.when(OrphanGone{"i-1-1-1"});
  EXPECT_TRUE(pool.when(granted(1, 1, 2)).empty());
}

TEST(PoolDecider, repeated_answer_never_gives_a_live_instance_back) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 2));
  LaunchOutcome outcome = granted(1, 1, 1);
  outcome.refused = 1;
  outcome.kind = RefusalKind::capacity;
  pool.when(outcome);
  EXPECT_TRUE(pool.when(outcome).empty()) << "request open";
  pool.when(granted(1, 2, 1));
  EXPECT_TRUE(pool.when(outcome).empty()) << "request ended";
  EXPECT_TRUE(pool.when(granted(1, 2, 1)).empty());
}

TEST(PoolDecider, late_answers_without_grants_change_nothing) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 1, RefusalKind::capacity));
  for (const RefusalKind kind :
       {RefusalKind::capacity, RefusalKind::quota, RefusalKind::infeasible,
        RefusalKind::throttled, RefusalKind::unknown}) {
    EXPECT_TRUE(pool.when(refused(1, 1, 1, kind)).empty());
    EXPECT_TRUE(pool.when(refused(5, 1, 1, kind)).empty());
  }
  EXPECT_TRUE(pool.when(granted(5, 1, 1)).empty()) << "of a request unknown";
}

TEST(PoolDecider, memory_of_ended_attempts_is_bounded) {
  PoolGiven pool({"a"});
  for (std::uint32_t id = 1; id <= 100; ++id) {
    pool.when(request(id, 1));
    pool.when(refused(id, 1, 1, RefusalKind::quota));
  }
  EXPECT_LE(pool.state.ungranted.size(), 16U);
  EXPECT_EQ(names(pool.when(granted(100, 1, 1))), (Names{"orphan-returned"}));
  EXPECT_TRUE(pool.when(granted(1, 1, 1)).empty()) << "left to the sweep";
}

}  // namespace
}  // namespace understudy::pool
