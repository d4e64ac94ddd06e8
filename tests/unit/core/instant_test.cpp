#include "actors/core/instant.hpp"

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(Instant, moves_by_milliseconds_both_ways) {
  EXPECT_EQ(after_ms(Instant{5}, 2), Instant{2'005});
  EXPECT_EQ(after_ms(Instant{5'000}, -2), Instant{3'000});
  EXPECT_EQ(after_ms(Instant{5}, 0), Instant{5});
}

TEST(Instant, saturates_at_never) {
  EXPECT_EQ(after_ms(Instant::never(), 1), Instant::never());
  EXPECT_EQ(after_ms(Instant::never(), 0), Instant::never());
  EXPECT_EQ(after_ms(Instant{1}, Instant::never().us), Instant::never());
  EXPECT_EQ(after_ms(Instant{Instant::never().us - 999}, 1), Instant::never());
  EXPECT_LT(after_ms(Instant{0}, Instant::never().us / 1'000),
            Instant::never());
}

TEST(Instant, distance_is_in_whole_milliseconds) {
  EXPECT_EQ(ms_between(Instant{0}, Instant{1'999}), 1);
  EXPECT_EQ(ms_between(Instant{1'999}, Instant{0}), -1);
  EXPECT_EQ(ms_between(Instant{7}, after_ms(Instant{7}, 1'234)), 1'234);
}

TEST(Instant, never_is_later_than_all) {
  EXPECT_LT(Instant{Instant::never().us - 1}, Instant::never());
  EXPECT_LT(Instant{}, Instant{1});
}

TEST(Instant, text_is_rfc_3339_in_utc) {
  EXPECT_EQ(to_string(Instant{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_string(Instant{1'759'536'600'000'000}),
            "2025-10-04T00:10:00.000Z");
  EXPECT_EQ(to_string(Instant{1'709'208'000'123'999}),
            "2024-02-29T12:00:00.123Z");
  EXPECT_EQ(to_string(Instant{951'868'799'999'999}),
            "2000-02-29T23:59:59.999Z");
  EXPECT_EQ(to_string(Instant{4'107'542'400'000'000}),
            "2100-03-01T00:00:00.000Z");
  EXPECT_EQ(to_string(Instant{-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_string(Instant::never()), "never");
}

}  // namespace
}  // namespace understudy
