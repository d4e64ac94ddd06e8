// A provider that hangs, answers twice, or answers late.

#include "services/capacity/bounded_capacity.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "services/clock/virtual_clock.hpp"

namespace understudy {
namespace {

/// Answers when the test says so.
class HeldProvider final : public CapacityProvider {
 public:
  void launch(const LaunchCall& call,
              std::function<void(LaunchAnswer)> done) override {
    launches.emplace_back(call.token, std::move(done));
  }
  void terminate(const std::string&, Instant,
                 std::function<void(TerminateAnswer)> done) override {
    endings.push_back(std::move(done));
  }
  void list(const std::string&,
            std::function<void(Result<std::vector<ProviderInstance>>)> done)
      override {
    lists.push_back(std::move(done));
  }
  void on_notice(std::function<void(ProviderNotice)>) override {}

  std::vector<std::pair<std::string, std::function<void(LaunchAnswer)>>>
      launches;
  std::vector<std::function<void(TerminateAnswer)>> endings;
  std::vector<std::function<void(Result<std::vector<ProviderInstance>>)>> lists;
};

class BoundedCapacityTest : public ::testing::Test {
 protected:
  void launch(const std::string& token) {
    LaunchCall call;
    call.token = token;
    bounded_.launch(call, [this](LaunchAnswer answer) {
      answers_.push_back(std::move(answer));
    });
  }

  void pass_s(std::int64_t seconds) {
    const Instant to = after_ms(clock_.now(), seconds * 1000);
    while (clock_.fire_next(to)) {
    }
    clock_.advance_to(to);
  }

  VirtualClock clock_{{1'000'000}};
  HeldProvider provider_;
  BoundedCapacity bounded_{clock_, provider_, {{4, 2}, 60'000}};
  std::vector<LaunchAnswer> answers_;
};

TEST_F(BoundedCapacityTest, an_answer_goes_through) {
  launch("chat/primary/west/1-1");
  provider_.launches[0].second({{}, 2, RefusalKind::capacity, "c", "m", 0});
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_EQ(answers_[0].refused, 2U);
  pass_s(100);
  EXPECT_EQ(answers_.size(), 1U);
  EXPECT_EQ(bounded_.counts().running, 0U);
}

TEST_F(BoundedCapacityTest, a_launch_that_hangs_is_unknown_after_its_time) {
  launch("chat/primary/west/1-1");
  pass_s(59);
  EXPECT_TRUE(answers_.empty());
  pass_s(1);
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_EQ(answers_[0].kind, RefusalKind::unknown);
  EXPECT_EQ(answers_[0].message, "no answer within 60 s");
  EXPECT_EQ(bounded_.counts().timed_out, 1U);
}

TEST_F(BoundedCapacityTest, a_late_and_a_second_answer_are_not_heard) {
  launch("chat/primary/west/1-1");
  pass_s(60);
  provider_.launches[0].second({});
  provider_.launches[0].second({});
  EXPECT_EQ(answers_.size(), 1U);
  launch("chat/primary/west/1-2");
  provider_.launches[1].second({});
  provider_.launches[1].second({});
  EXPECT_EQ(answers_.size(), 2U);
  EXPECT_EQ(bounded_.counts().running, 0U);
}

TEST_F(BoundedCapacityTest, one_endpoint_that_hangs_does_not_hold_up_another) {
  for (int i = 1; i <= 100; ++i)
    launch("slow/primary/west/" + std::to_string(i) + "-1");
  launch("chat/primary/west/1-1");
  ASSERT_EQ(provider_.launches.size(), 3U);
  EXPECT_EQ(provider_.launches[2].first, "chat/primary/west/1-1");
  provider_.launches[2].second({});
  EXPECT_EQ(answers_.size(), 1U);
  EXPECT_EQ(bounded_.counts().waiting, 98U);
}

TEST_F(BoundedCapacityTest, endings_and_lists_that_hang_can_be_asked_again) {
  std::optional<TerminateAnswer> ended;
  std::optional<bool> listed;
  bounded_.terminate("i-1", {}, [&](TerminateAnswer a) { ended = a; });
  bounded_.list("me", [&](const auto& all) { listed = all.ok(); });
  pass_s(60);
  EXPECT_EQ(ended, TerminateAnswer::failed);
  EXPECT_EQ(listed, false);
}

TEST_F(BoundedCapacityTest, an_answer_may_come_when_the_bounds_are_gone) {
  {
    BoundedCapacity short_lived(clock_, provider_, {{1, 1}, 60'000});
    short_lived.launch({}, [this](LaunchAnswer answer) {
      answers_.push_back(std::move(answer));
    });
  }
  provider_.launches[0].second({});
  EXPECT_EQ(answers_.size(), 1U);
  pass_s(100);
  EXPECT_EQ(answers_.size(), 1U);
}

TEST_F(BoundedCapacityTest, what_waits_is_forgotten_with_the_bounds) {
  {
    BoundedCapacity short_lived(clock_, provider_, {{1, 1}, 60'000});
    for (int i = 0; i < 2; ++i) {
      short_lived.launch({}, [this](LaunchAnswer answer) {
        answers_.push_back(std::move(answer));
      });
    }
    EXPECT_EQ(short_lived.counts().waiting, 1U);
  }
  provider_.launches[0].second({});
  EXPECT_EQ(answers_.size(), 1U);
  EXPECT_EQ(provider_.launches.size(), 1U);
}

}  // namespace
}  // namespace understudy
