#include "services/text/instant_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(InstantText, Reads_what_to_string_writes) {
  for (const std::int64_t us :
       {std::int64_t{0}, std::int64_t{951'782'400'000'000},
        std::int64_t{1'759'536'600'000'000},
        std::int64_t{4'102'444'799'999'000},
        std::int64_t{253'402'300'799'000'000}}) {
    const std::string text = to_string(Instant{us});
    EXPECT_EQ(parse_instant(text), Instant{us}) << text;
  }
}

TEST(InstantText, Every_day_of_five_centuries) {
  constexpr std::int64_t day_us = 86'400'000'000;
  for (std::int64_t day = 0; day < 183'000; ++day) {
    const Instant at{day * day_us};
    ASSERT_EQ(parse_instant(to_string(at)), at);
  }
}

TEST(InstantText, Knows_offsets_and_fractions) {
  const Instant at{1'759'536'600'000'000};
  EXPECT_EQ(parse_instant("2025-10-04T00:10:00Z"), at);
  EXPECT_EQ(parse_instant("2025-10-03T17:10:00-07:00"), at);
  EXPECT_EQ(parse_instant("2025-10-04T05:40:00+05:30"), at);
  EXPECT_EQ(parse_instant("2025-10-04T00:10:00.25Z"), Instant{at.us + 250'000});
  EXPECT_EQ(parse_instant("2025-10-04T00:10:00.000001Z"), Instant{at.us + 1});
}

TEST(InstantText, Refuses_everything_else) {
  for (const char* text : {"",
                           "2025",
                           "2025-10-04",
                           "2025-10-04T00:10:00",
                           "2025-10-04 00:10:00Z",
                           "2025-13-04T00:10:00Z",
                           "2025-00-04T00:10:00Z",
                           "2025-02-29T00:10:00Z",
                           "2025-10-00T00:10:00Z",
                           "2025-10-04T24:10:00Z",
                           "2025-10-04T00:60:00Z",
                           "2025-10-04T00:10:60Z",
                           "2025-10-04T00:10:00.Z",
                           "2025-10-04T00:10:00.1234567Z",
                           "2025-10-04T00:10:00+5:30",
                           "2025-10-04T00:10:00+24:00",
                           "2025-10-04T00:10:00Z ",
                           "x",
                           "1969-12-31T23:59:59Z",
                           "2025-10-04T00:10:00.5",
                           "-025-10-04T00:10:00Z",
                           "2025-10-04T00:10:0"}) {
    EXPECT_EQ(parse_instant(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace understudy
