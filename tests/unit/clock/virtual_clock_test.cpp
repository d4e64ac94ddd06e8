#include "services/clock/virtual_clock.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace understudy {
namespace {

using testing::ElementsAre;

class VirtualClockTest : public testing::Test {
 protected:
  Clock::TimerId at(std::int64_t us, const std::string& key) {
    return clock_.at({us}, key, [this, key] { fired_.push_back(key); });
  }
  void drain() {
    while (clock_.fire_next()) {
    }
  }

  VirtualClock clock_{Instant{100}};
  std::vector<std::string> fired_;
};

TEST_F(VirtualClockTest, Starts_where_it_is_told_to) {
  EXPECT_EQ(clock_.now(), Instant{100});
  EXPECT_EQ(clock_.next(), Instant::never());
  EXPECT_FALSE(clock_.fire_next());
}

TEST_F(VirtualClockTest, Fires_by_instant_then_key_then_insertion) {
  at(300, "b");
  at(200, "z");
  at(300, "a");
  clock_.at({300}, "a", [this] { fired_.emplace_back("a, set later"); });
  drain();
  EXPECT_THAT(fired_, ElementsAre("z", "a", "a, set later", "b"));
  EXPECT_EQ(clock_.now(), Instant{300});
}

TEST_F(VirtualClockTest, Fires_one_at_a_time_and_moves_to_it) {
  at(200, "a");
  at(300, "b");
  EXPECT_EQ(clock_.next(), Instant{200});
  EXPECT_TRUE(clock_.fire_next());
  EXPECT_THAT(fired_, ElementsAre("a"));
  EXPECT_EQ(clock_.now(), Instant{200});
  EXPECT_EQ(clock_.waiting(), 1U);
}

TEST_F(VirtualClockTest, Stops_at_the_limit) {
  at(200, "a");
  at(201, "b");
  EXPECT_TRUE(clock_.fire_next({200}));
  EXPECT_FALSE(clock_.fire_next({200}));
  EXPECT_EQ(clock_.now(), Instant{200});
  EXPECT_THAT(fired_, ElementsAre("a"));
}

TEST_F(VirtualClockTest, What_has_passed_is_due_now) {
  at(50, "late");
  at(10, "earlier key");
  EXPECT_EQ(clock_.next(), Instant{100});
  drain();
  EXPECT_THAT(fired_, ElementsAre("earlier key", "late"));
  EXPECT_EQ(clock_.now(), Instant{100});
}

TEST_F(VirtualClockTest, A_timer_may_set_and_cancel_timers) {
  const auto doomed = at(400, "doomed");
  clock_.at({200}, "a", [&] {
    clock_.cancel(doomed);
    at(0, "at once");
    at(300, "later");
  });
  drain();
  EXPECT_THAT(fired_, ElementsAre("at once", "later"));
  EXPECT_EQ(clock_.now(), Instant{300});
}

TEST_F(VirtualClockTest, A_cancelled_timer_lets_go_of_what_it_held) {
  auto held = std::make_shared<int>(1);
  const auto id = clock_.at({200}, "a", [held] {});
  EXPECT_EQ(held.use_count(), 2);
  clock_.cancel(id);
  clock_.cancel(id);
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(clock_.fire_next());
}

TEST_F(VirtualClockTest, Never_does_not_come) {
  clock_.at(Instant::never(), "never",
            [this] { fired_.emplace_back("never"); });
  EXPECT_FALSE(clock_.fire_next());
  EXPECT_EQ(clock_.now(), Instant{100});
}

TEST_F(VirtualClockTest, Moves_on_without_firing) {
  at(500, "a");
  clock_.advance_to({500});
  EXPECT_EQ(clock_.now(), Instant{500});
  EXPECT_TRUE(fired_.empty());
  EXPECT_DEATH(clock_.advance_to({499}), "advance_to|to >= now_");
  EXPECT_DEATH(clock_.advance_to({501}), "to >= now_");
}

}  // namespace
}  // namespace understudy
