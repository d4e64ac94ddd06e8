#include "services/cli/offering_name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy {
namespace {

using ::testing::HasSubstr;

TEST(OfferingName, is_type_zone_and_market) {
  const auto plain = parse_offering("a3-highgpu-1g/us-west1-b/spot");
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain.value(),
            (Offering{"a3-highgpu-1g", "us-west1-b", Market::spot}));
  const auto listed = parse_offering("offering/a3/b/on-demand");
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed.value(), (Offering{"a3", "b", Market::on_demand}));
}

TEST(OfferingName, refuses_everything_else) {
  for (const char* text : {"", "a", "a/b", "a/b/c", "/b/spot", "a//spot",
                           "a/b/c/spot", "a/b/spot/", "offering/a/b"}) {
    const auto parsed = parse_offering(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error().message, HasSubstr("TYPE/ZONE/MARKET"));
  }
}

TEST(OfferingName, close_ones_come_first) {
  const std::string names =
      "offering/a3/us-east5-a/spot\noffering/a3/us-west1-a/spot\n"
      "offering/a3/us-west1-b/spot\n";
  EXPECT_EQ(close_offerings("a3/us-west1-c/spot", names),
            "a3/us-west1-a/spot, a3/us-west1-b/spot, a3/us-east5-a/spot");
  EXPECT_EQ(close_offerings("completely-different/elsewhere/on-demand", names),
            "");
}

}  // namespace
}  // namespace understudy
