#include "actors/core/describe.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "actors/core/decider.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/refusal.hpp"

namespace understudy {
namespace {

struct Wide {
  int a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;
  int i = 9, j = 10, k = 11, l = 12, m = 13, n = 14;
  UNDERSTUDY_FIELDS(Wide, a, b, c, d, e, f, g, h, i, j, k, l, m, n)
};

static_assert(Described<Offering>);
static_assert(Described<DeadlineReached>);
static_assert(!Described<RequestId>);
static_assert(StrongId<RequestId> && StrongId<InstanceId>);
static_assert(!StrongId<Instant> && !StrongId<Offering> && !StrongId<int>);
static_assert(DescribedEnum<RefusalKind> && !DescribedEnum<ActorKind>);
static_assert(field_count<Offering> == 3 && field_count<Wide> == 14);
static_assert(field_count<DeadlineReached> == 0);

TEST(Describe, fields_come_in_listed_order_with_their_names) {
  const Offering offering{"p5", "a", Market::spot};
  std::vector<std::string_view> names;
  for_each_field(offering, [&](std::string_view name, const auto&) {
    names.push_back(name);
  });
  EXPECT_EQ(names,
            (std::vector<std::string_view>{"instance_type", "zone", "market"}));
}

TEST(Describe, fields_are_the_members_themselves) {
  Wide wide;
  int sum = 0;
  for_each_field(wide, [&](std::string_view, int& member) {
    sum += member;
    member = 0;
  });
  EXPECT_EQ(sum, 14 * 15 / 2);
  EXPECT_EQ(wide.a, 0);
  EXPECT_EQ(wide.n, 0);
}

TEST(Describe, described_values_compare_field_by_field) {
  Offering one{"p5", "a", Market::spot};
  Offering two = one;
  EXPECT_EQ(one, two);
  two.market = Market::on_demand;
  EXPECT_NE(one, two);
}

TEST(Describe, enum_names_go_both_ways) {
  for (const RefusalKind kind :
       {RefusalKind::none, RefusalKind::capacity, RefusalKind::quota,
        RefusalKind::infeasible, RefusalKind::throttled, RefusalKind::unknown,
        RefusalKind::cooling}) {
    EXPECT_EQ(parse_enum<RefusalKind>(name_of(kind)), kind);
  }
  EXPECT_EQ(name_of(Market::on_demand), "on-demand");
  EXPECT_EQ(name_of(ReturnMode::on_scale_in), "on-scale-in");
  EXPECT_EQ(name_of(ScalingMetric::in_flight_per_instance),
            "in-flight-per-instance");
}

TEST(Describe, unknown_enum_values_and_names_are_told_apart) {
  EXPECT_EQ(name_of(static_cast<Market>(9)), "invalid");
  EXPECT_FALSE(parse_enum<Market>("Spot"));
  EXPECT_FALSE(parse_enum<Market>(""));
}

struct Count {
  int value = 0;
};

TEST(Draft, emitted_events_change_the_state_and_are_kept_in_order) {
  Count count;
  Draft<Count, int> draft(count, Instant{5},
                          [](Count& c, const int& by, Instant at) {
                            c.value += by * static_cast<int>(at.us);
                          });
  draft.emit(1);
  EXPECT_EQ(draft.state().value, 5);
  draft.emit(2);
  EXPECT_EQ(count.value, 15);
  EXPECT_EQ(draft.now(), Instant{5});
  EXPECT_EQ(std::move(draft).take(), (std::vector<int>{1, 2}));
}

}  // namespace
}  // namespace understudy
