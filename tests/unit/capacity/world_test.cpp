#include "services/capacity/world.hpp"

#include <string>

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(World, Draws_stay_in_their_range_and_fill_it) {
  const DelayRange range{10, 12};
  std::int64_t least = 1'000'000;
  std::int64_t most = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto us = draw_us(range, 7, "launch", std::to_string(i));
    least = std::min(least, us);
    most = std::max(most, us);
  }
  EXPECT_GE(least, 10'000);
  EXPECT_LE(least, 10'010);
  EXPECT_GE(most, 11'990);
  EXPECT_LE(most, 12'000);
}

TEST(World, Draws_depend_on_seed_purpose_and_id_alone) {
  const DelayRange range{0, 1'000'000};
  const auto drawn = draw_us(range, 1, "launch", "a");
  EXPECT_EQ(draw_us(range, 1, "launch", "a"), drawn);
  EXPECT_NE(draw_us(range, 2, "launch", "a"), drawn);
  EXPECT_NE(draw_us(range, 1, "refusal", "a"), drawn);
  EXPECT_NE(draw_us(range, 1, "launch", "b"), drawn);
}

TEST(World, Chances_come_about_as_often_as_told) {
  int happened = 0;
  for (int i = 0; i < 10'000; ++i)
    happened += draw_chance(250, 1, "start-failure", std::to_string(i)) ? 1 : 0;
  EXPECT_NEAR(happened, 2500, 200);
  EXPECT_FALSE(draw_chance(0, 1, "x", "a"));
  EXPECT_TRUE(draw_chance(1000, 1, "x", "a"));
}

}  // namespace
}  // namespace understudy
