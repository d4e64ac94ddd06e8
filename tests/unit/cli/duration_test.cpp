#include "services/cli/duration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy {
namespace {

using ::testing::HasSubstr;

std::int64_t ms(const std::string& text) {
  const auto span = parse_duration("--timeout", text);
  return span ? span.value().count() : -1;
}

TEST(Duration, takes_numbers_with_units) {
  EXPECT_EQ(ms("500ms"), 500);
  EXPECT_EQ(ms("30s"), 30'000);
  EXPECT_EQ(ms("10m"), 600'000);
  EXPECT_EQ(ms("1h30m"), 5'400'000);
  EXPECT_EQ(ms("2d"), 172'800'000);
  EXPECT_EQ(ms("0s"), 0);
  EXPECT_EQ(ms("366d"), 366LL * 86'400'000);
}

TEST(Duration, refuses_everything_else) {
  for (const char* text :
       {"", "10", "m", "1.5h", "-1s", "1s ", " 1s", "1x", "367d",
        "18446744073709551616ms", "9999999999999h", "1h30"}) {
    EXPECT_EQ(ms(text), -1) << text;
  }
  EXPECT_THAT(
      parse_duration("--timeout", "10").error().message,
      HasSubstr("--timeout '10' is no span of time; accepted: such as"));
}

}  // namespace
}  // namespace understudy
