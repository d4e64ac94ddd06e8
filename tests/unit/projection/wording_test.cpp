#include "services/projection/wording.hpp"

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(Wording, durations_have_their_two_largest_units) {
  EXPECT_EQ(duration_text(0), "0ms");
  EXPECT_EQ(duration_text(850), "850ms");
  EXPECT_EQ(duration_text(5'149), "5.1s");
  EXPECT_EQ(duration_text(59'000), "59s");
  EXPECT_EQ(duration_text(60'000), "1m");
  EXPECT_EQ(duration_text(750'000), "12m30s");
  EXPECT_EQ(duration_text(11'520'000), "3h12m");
  EXPECT_EQ(duration_text(1'270'800'000), "14d17h");
  EXPECT_EQ(duration_text(-850), "-850ms");
}

TEST(Wording, thousandths) {
  EXPECT_EQ(milli_text(0), "0");
  EXPECT_EQ(milli_text(1'000), "1");
  EXPECT_EQ(milli_text(1'050), "1.05");
  EXPECT_EQ(milli_text(873), "0.873");
}

TEST(Wording, refusals_are_cut_between_characters) {
  EXPECT_EQ(refusal_text(RefusalKind::quota, "", ""), "quota");
  EXPECT_EQ(refusal_text(RefusalKind::capacity, "ICE", "none left"),
            "capacity, ICE: none left");
  EXPECT_EQ(refusal_text(RefusalKind::capacity, "", "ab\xc3\xa4xyz", 3),
            "capacity: ab...");
}

TEST(Wording, every_input_has_a_name_and_words) {
  const OutsideInput deadline = DeadlineReached{};
  EXPECT_EQ(input_name(deadline), "deadline-reached");
  EXPECT_EQ(summary(deadline), "its deadline passed");
  pool::LaunchOutcome outcome;
  outcome.request = {3};
  outcome.attempt = 2;
  outcome.refused = 2;
  outcome.kind = RefusalKind::capacity;
  outcome.code = "ICE";
  EXPECT_EQ(summary(OutsideInput(outcome)),
            "the provider's answer to launch call 3-2: 0 granted, 2 refused "
            "(capacity, ICE)");
}

TEST(Wording, a_scaling_decision_shows_its_numbers) {
  autoscaler::ScalingDecided decided;
  decided.from = 3;
  decided.desired = 5;
  decided.wishes.push_back({ScalingMetric::weighted_utilisation, 700, 910, 6});
  decided.limit = "max";
  EXPECT_EQ(summary(AnyEvent(decided)),
            "3 -> 5, weighted-utilisation 0.91 (target 0.7) asks for 6, "
            "bounded by max");
}

}  // namespace
}  // namespace understudy
