#include "actors/core/digest.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "actors/core/ids.hpp"
#include "actors/core/refusal.hpp"

namespace understudy {
namespace {

using Text = std::string;

// Golden values: a digest is compared across machines and builds.
TEST(Digest, plain_values_are_fixed) {
  EXPECT_EQ(digest(Text("abc")), 0xae8f9d04ad1dc10dU);
  EXPECT_EQ(digest(7), 0x234a398db31d26d6U);
  EXPECT_EQ(digest(std::uint8_t{7}), 0x234a398db31d26d6U);
  EXPECT_EQ(digest(std::int64_t{-1}), 0x30ef66c3e79dda4eU);
  EXPECT_EQ(digest(RequestId{7}), 0x234a398db31d26d6U);
  EXPECT_EQ(digest(Instant{7}), 0x234a398db31d26d6U);
  EXPECT_EQ(digest(RefusalKind::cooling), digest(6));
  EXPECT_EQ(digest(true), digest(1));
}

TEST(Digest, described_values_are_fixed) {
  const Offering offering{"p5", "a", Market::spot};
  EXPECT_EQ(digest(offering), 0x4634cd26b5c81172U);
  const OfferingRefusal refusal{offering, RefusalKind::capacity, "c", "m",
                                Instant{5}};
  EXPECT_EQ(digest(refusal), 0x321bf0d7fe95f6bdU);
}

TEST(Digest, containers_are_fixed) {
  EXPECT_EQ(digest(std::vector<int>{1, 2, 3}), 0xf1ecf01082b53071U);
  EXPECT_EQ(digest(std::set<int>{3, 2, 1}), 0xf1ecf01082b53071U);
  EXPECT_EQ(digest(std::map<Text, int>{{"a", 1}, {"b", 2}}),
            0xe47f19a242fd8c87U);
  EXPECT_EQ(digest(std::optional<int>{}), 0xc3817c016ba4ff30U);
  EXPECT_EQ(digest(std::optional<int>{7}), 0xdb06dfa0315b1a62U);
  using Either = std::variant<int, Text>;
  EXPECT_EQ(digest(Either{Text("x")}), 0xa610af21131d94f6U);
  EXPECT_EQ(digest(Either{7}), 0x51d2c1fa2d9549f9U);
}

TEST(Digest, text_boundaries_count) {
  const std::vector<Text> one = {"ab", "c"};
  const std::vector<Text> two = {"a", "bc"};
  EXPECT_NE(digest(one), digest(two));
  EXPECT_NE(digest(std::vector<Text>{}), digest(std::vector<Text>{""}));
}

TEST(Digest, order_counts) {
  EXPECT_NE(digest(std::vector<int>{1, 2}), digest(std::vector<int>{2, 1}));
  EXPECT_NE(digest(Offering{"a", "b", Market::spot}),
            digest(Offering{"b", "a", Market::spot}));
}

TEST(Digest, every_field_counts) {
  const VariantSpec base;
  const std::uint64_t before = digest(base);
  VariantSpec changed = base;
  changed.health.drain_timeout_ms += 1;
  EXPECT_NE(digest(changed), before);
  changed = base;
  changed.cool_down.cap_ms += 1;
  EXPECT_NE(digest(changed), before);
  changed = base;
  changed.pools.emplace_back();
  EXPECT_NE(digest(changed), before);
  EXPECT_EQ(digest(VariantSpec{}), before);
}

}  // namespace
}  // namespace understudy
