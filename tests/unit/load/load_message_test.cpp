#include "services/load/load_message.hpp"

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(LoadMessages, OneForEachEndpointByItsName) {
  LoadReport report{
      "here", false, {{"chat", 2, {{"1-1-0", 3, true}}}, {"other", 0, {}}}, 7};
  const auto messages = load_messages(report);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].first, "chat");
  EXPECT_EQ(messages[1].first, "other");
  const auto read = parse_load_report(messages[0].second);
  ASSERT_TRUE(read.ok()) << read.error().message;
  report.endpoints.pop_back();
  EXPECT_EQ(load_report_text(read.value()), load_report_text(report));
}

TEST(LoadMessages, WhoHasNoEndpointOrLeavesIsKnownAllTheSame) {
  const auto there = load_messages({"here", false, {}});
  ASSERT_EQ(there.size(), 1U);
  EXPECT_EQ(there[0].first, "here");
  const auto leaves = load_messages({"here", true, {{"chat", 2, {}}}, 9});
  ASSERT_EQ(leaves.size(), 1U);
  EXPECT_EQ(leaves[0].first, "here");
  const auto read = parse_load_report(leaves[0].second);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read.value().leaving);
  EXPECT_EQ(read.value().made_us, 9U);
}

constexpr Instant read_at{1'767'225'600'000'000};

Instant at(std::int64_t ms) { return after_ms(read_at, ms); }

TEST(MessageAge, ClocksMayDifferByAnyConstant) {
  for (const std::int64_t skew_ms : {-3'600'000, 0, 3'600'000}) {
    MessageAge age;
    EXPECT_EQ(age.late_ms(at(skew_ms), at(40)), 0);
    EXPECT_EQ(age.late_ms(at(1'000 + skew_ms), at(1'030)), 0);
    EXPECT_EQ(age.late_ms(at(2'000 + skew_ms), at(9'030)), 7'000);
    EXPECT_EQ(age.late_ms(at(9'000 + skew_ms), at(9'030)), 0);
  }
}

TEST(MessageAge, AClockThatIsSetIsKnownAfterAMinute) {
  MessageAge age;
  EXPECT_EQ(age.late_ms(at(0), at(10)), 0);
  std::int64_t late = 0;
  for (int s = 1; s <= 62; ++s) {
    // The broker's clock went back by ten seconds.
    late = age.late_ms(at(s * 1'000 - 10'000), at(s * 1'000 + 10));
    if (s < 60) {
      EXPECT_EQ(late, 10'000) << s;
    }
  }
  EXPECT_EQ(late, 0);
}

}  // namespace
}  // namespace understudy
