/// E2, E3. Events name the pools that a walk went past, and why.

#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

using PassedOvers = std::vector<PassedOver>;

/// In service, with pools a, b, c and d.
Story four_pools(EndpointSpec spec = three_pools(1)) {
  spec.variants[0].pools.push_back(pool("d", 4));
  return Story::in_service(1, spec);
}

TEST(EndpointDecider, E2_a_fallback_names_better_pools_that_cool_down) {
  Story story = four_pools();
  story.state.pools.at(2).closed_until = after_ms(story.now, 60'000);
  story.state.pools.at(4).closed_until = after_ms(story.now, 60'000);
  story.scale_to(2);
  const auto events = story.deny(2, RefusalKind::capacity, 60'000);
  EXPECT_EQ(one<FallbackChosen>(events).to, "c");
  EXPECT_EQ(
      one<FallbackChosen>(events).passed_over,
      (PassedOvers{{"b", RefusalKind::cooling, after_ms(story.now, 60'000)}}));
}

TEST(EndpointDecider, E2_a_fallback_names_better_pools_without_quota) {
  EndpointSpec spec = three_pools(1);
  spec.variants[0].pools[0].quota_family = "p5";
  spec.variants[0].pools[1].quota_family = "p5";
  Story story = four_pools(spec);
  story.scale_to(2);
  const PassedOvers expected = {{"b", RefusalKind::quota, {}}};
  EXPECT_EQ(one<FallbackChosen>(story.deny(2, RefusalKind::quota)).passed_over,
            expected);
  // As long as the walk goes on; what it asked is not passed over.
  EXPECT_EQ(one<FallbackChosen>(story.deny(3, RefusalKind::capacity, 60'000))
                .passed_over,
            expected);
}

TEST(EndpointDecider, E2_a_fallback_names_better_pools_that_are_infeasible) {
  Story story = four_pools();
  story.state.pools.at(1).infeasible = true;
  story.scale_to(2);
  const auto events = story.deny(2, RefusalKind::capacity, 60'000);
  EXPECT_EQ(one<FallbackChosen>(events).from, "b");
  EXPECT_EQ(one<FallbackChosen>(events).passed_over,
            (PassedOvers{{"a", RefusalKind::infeasible, {}}}));
}

TEST(EndpointDecider, E2_a_fallback_to_the_next_pool_passes_over_none) {
  Story story = four_pools();
  story.scale_to(2);
  EXPECT_EQ(one<FallbackChosen>(story.deny(2, RefusalKind::capacity, 60'000))
                .passed_over,
            PassedOvers{});
}

TEST(EndpointDecider, E3_exhausted_names_all_pools_that_were_not_asked) {
  EndpointSpec spec = three_pools(1);
  spec.variants[0].pools[1].quota_family = "p5";
  spec.variants[0].pools[2].quota_family = "p5";
  Story story = four_pools(spec);
  story.state.pools.at(1).infeasible = true;
  story.state.pools.at(4).closed_until = after_ms(story.now, 90'000);
  story.scale_to(2);
  const auto events = story.deny(2, RefusalKind::quota);
  EXPECT_EQ(one<PoolsExhausted>(events).from, "b");
  EXPECT_EQ(
      one<PoolsExhausted>(events).passed_over,
      (PassedOvers{{"a", RefusalKind::infeasible, {}},
                   {"c", RefusalKind::quota, {}},
                   {"d", RefusalKind::cooling, after_ms(story.now, 90'000)}}));
}

TEST(EndpointDecider, E3_a_walk_that_finds_no_pool_names_all_of_them) {
  Story story = Story::in_service(1);
  const Instant until = after_ms(story.now, 90'000);
  for (std::uint32_t id = 1; id <= 3; ++id)
    story.state.pools.at(id).closed_until = until;
  EXPECT_EQ(one<PoolsExhausted>(story.scale_to(2)).passed_over,
            (PassedOvers{{"a", RefusalKind::cooling, until},
                         {"b", RefusalKind::cooling, until},
                         {"c", RefusalKind::cooling, until}}));
}

}  // namespace
}  // namespace understudy::endpoint
