#include "actors/pool/choice.hpp"
#include "tests/unit/pool/pool_given.hpp"

namespace understudy::pool {
namespace {

/// Cool-down in milliseconds of one more refusal.
std::int64_t next_wait_ms(PoolGiven& pool, std::uint32_t id) {
  pool.when(request(id, 1));
  const auto events = pool.when(refused(id, 1, 1, RefusalKind::capacity));
  const auto cooled = only<PoolCooledDown>(events);
  const std::int64_t wait_ms = ms_between(pool.now, cooled.until);
  pool.at_deadline();
  return wait_ms;
}

TEST(PoolDecider, P2_cool_down_doubles_up_to_the_cap) {
  PoolGiven pool({"a"});
  std::vector<std::int64_t> waits;
  for (std::uint32_t id = 1; id <= 40; ++id) {
    waits.push_back(next_wait_ms(pool, id));
    EXPECT_EQ(pool.of("a").level, id);
  }
  const std::vector<std::int64_t> full = {60'000, 120'000, 240'000};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    const std::int64_t expected = i < full.size() ? full[i] : 300'000;
    EXPECT_LE(waits[i], expected);
    EXPECT_GE(waits[i], expected - expected / 5);
  }
}

TEST(PoolDecider, P2_cool_down_is_exact_for_every_level) {
  const CoolDownPolicy policy{3, 100};
  const std::vector<std::int64_t> full = {3, 3, 6, 12, 24, 48, 96, 100, 100};
  for (std::uint32_t level = 0; level < full.size(); ++level) {
    // Seeds whose jitter is 0 must exist, and none exceeds a fifth.
    std::int64_t longest = 0;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
      const std::int64_t ms = cool_down_ms(policy, level, seed);
      EXPECT_GE(ms, full[level] - full[level] / 5);
      longest = std::max(longest, ms);
    }
    EXPECT_EQ(longest, full[level]) << level;
  }
  constexpr std::uint32_t top = std::numeric_limits<std::uint32_t>::max();
  EXPECT_GE(cool_down_ms({top, top}, top, 1), std::int64_t{top} * 4 / 5);
  EXPECT_EQ(cool_down_ms({0, 0}, top, 1), 1);
  EXPECT_LE(cool_down_ms({top, 5}, 1, 1), 5);
}

TEST(PoolDecider, P2_jitter_is_derived_and_spreads_offerings) {
  PoolGiven one({"a", "b"});
  PoolGiven two({"a", "b"});
  std::vector<Instant> first;
  std::vector<Instant> second;
  for (std::uint16_t attempt = 1; attempt <= 2; ++attempt) {
    one.when(request(1, 1));
    two.when(request(1, 1));
    const auto outcome = refused(1, attempt, 1, RefusalKind::capacity);
    first.push_back(only<PoolCooledDown>(one.when(outcome)).until);
    second.push_back(only<PoolCooledDown>(two.when(outcome)).until);
  }
  EXPECT_EQ(first, second);
  EXPECT_NE(first[0], first[1]);
}

TEST(PoolDecider, P2_jitter_reaches_the_log_and_stays_as_it_is) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  const auto cooled =
      only<PoolCooledDown>(pool.when(refused(1, 1, 1, RefusalKind::capacity)));
  EXPECT_EQ(cooled.level, 1U);
  EXPECT_EQ(cooled.until.us, 1'760'000'055'437'000);
}

TEST(PoolDecider, P2_refusal_of_an_older_call_does_not_raise_the_level) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  pool.when(request(2, 1));
  pool.when(refused(1, 1, 1, RefusalKind::capacity));
  const auto events = pool.when(refused(2, 1, 1, RefusalKind::capacity));
  EXPECT_EQ(names(events), (Names{"launch-refused", "capacity-denied"}));
  EXPECT_EQ(pool.of("a").level, 1U);
}

TEST(PoolDecider, P7_success_ends_the_row_of_refusals) {
  PoolGiven pool({"a"});
  pool.refuse_and_reopen(1);
  pool.refuse_and_reopen(2);
  EXPECT_EQ(pool.of("a").level, 2U);
  pool.when(request(3, 1));
  pool.when(granted(3, 1, 1));
  EXPECT_EQ(pool.of("a").level, 0U);
}

TEST(PoolDecider, P7_reopens_at_the_end_of_the_cool_down) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  const Instant until =
      only<PoolCooledDown>(pool.when(refused(1, 1, 1, RefusalKind::capacity)))
          .until;
  EXPECT_EQ(Decider::next_deadline(pool.state), until);
  pool.now = {until.us - 1};
  EXPECT_TRUE(pool.when(DeadlineReached{}).empty());

  const auto events = pool.at_deadline();

  EXPECT_EQ(names(events), (Names{"pool-reopened"}));
  EXPECT_EQ(only<PoolReopened>(events).offering, offering("a"));
  EXPECT_EQ(pool.of("a").budget, 1U);
  EXPECT_EQ(Decider::next_deadline(pool.state), Instant::never());
  EXPECT_TRUE(pool.when(DeadlineReached{}).empty());
}

TEST(PoolDecider, P7_request_after_the_end_does_not_wait_for_the_deadline) {
  PoolGiven pool({"a"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 1, RefusalKind::capacity));
  pool.later_ms(60'000);
  EXPECT_EQ(names(pool.when(request(2, 4))),
            (Names{"launch-requested", "pool-reopened", "launch-attempted"}));
}

TEST(PoolDecider, P7_budget_starts_at_one_and_doubles_until_it_is_lifted) {
  PoolGiven pool({"a"});
  pool.refuse_and_reopen(1);
  auto events = pool.when(request(2, 200));
  std::vector<std::uint32_t> counts;
  for (std::uint16_t attempt = 1; !pool.state.requests.empty(); ++attempt) {
    counts.push_back(only<LaunchAttempted>(events).count);
    events = pool.when(granted(2, attempt, counts.back()));
  }
  EXPECT_EQ(counts, (std::vector<std::uint32_t>{1, 2, 4, 8, 16, 32, 200 - 63}));
  EXPECT_EQ(pool.of("a").budget, 0U);
}

TEST(PoolDecider, P7_refusal_sets_the_budget_back_to_one) {
  PoolGiven pool({"a", "b"});
  pool.refuse_and_reopen(1);
  pool.when(granted(1, 2, 1));
  pool.when(request(2, 3));
  pool.when(granted(2, 1, 1));
  EXPECT_EQ(pool.of("a").budget, 2U);
  pool.when(refused(2, 2, 2, RefusalKind::capacity));
  pool.when(granted(2, 3, 2));
  pool.at_deadline();
  EXPECT_EQ(pool.of("a").budget, 1U);
}

TEST(PoolDecider, P7_pool_that_was_never_refused_has_no_budget) {
  PoolGiven pool({"a"});
  EXPECT_EQ(only<LaunchAttempted>(pool.when(request(1, 500))).count, 500U);
}

TEST(PoolDecider, P7_used_budget_is_waited_for) {
  PoolGiven pool({"a"});
  pool.refuse_and_reopen(1);
  pool.when(request(2, 1));
  EXPECT_EQ(names(pool.when(request(3, 2))), (Names{"launch-requested"}));
  EXPECT_EQ(Decider::next_deadline(pool.state), Instant::never());

  const auto events = pool.when(granted(2, 1, 1));

  EXPECT_EQ(names(events), (Names{"instance-launched", "launch-attempted"}));
  EXPECT_EQ(only<LaunchAttempted>(events).request, RequestId{3});
  EXPECT_EQ(only<LaunchAttempted>(events).count, 2U);
}

TEST(PoolDecider, P7_waiting_request_is_denied_when_the_probe_is_refused) {
  PoolGiven pool({"a"});
  pool.refuse_and_reopen(1);
  pool.when(request(2, 1));
  pool.when(request(3, 2));
  const auto events = pool.when(refused(2, 1, 1, RefusalKind::capacity));
  const auto denials = all<CapacityDenied>(events);
  ASSERT_EQ(denials.size(), 2U);
  EXPECT_EQ(denials[0].refusals[0].kind, RefusalKind::capacity);
  EXPECT_EQ(denials[1].refusals[0].kind, RefusalKind::cooling);
  EXPECT_EQ(denials[1].request, RequestId{3});
}

TEST(PoolDecider, P7_used_budget_is_passed_over_for_another_zone) {
  PoolGiven pool({"a", "b"});
  pool.when(request(1, 1));
  pool.when(refused(1, 1, 1, RefusalKind::capacity));
  pool.when(granted(1, 2, 1));
  pool.at_deadline();
  EXPECT_EQ(only<LaunchAttempted>(pool.when(request(2, 1))).offering,
            offering("a"));
  EXPECT_EQ(only<LaunchAttempted>(pool.when(request(3, 1))).offering,
            offering("b"));
}

}  // namespace
}  // namespace understudy::pool
