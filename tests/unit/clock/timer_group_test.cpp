#include "services/clock/timer_group.hpp"

#include <future>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "services/clock/virtual_clock.hpp"
#include "services/clock/wall_clock.hpp"

namespace understudy {
namespace {

TEST(TimerGroup, Fires_and_cancels_as_its_clock_does) {
  VirtualClock clock({0});
  TimerGroup timers(clock);
  int fired = 0;
  timers.at({10}, "a", [&] { fired += 1; });
  const auto id = timers.at({10}, "b", [&] { fired += 10; });
  timers.cancel(id);
  timers.cancel(id);
  timers.cancel(99);
  EXPECT_TRUE(clock.fire_next());
  EXPECT_FALSE(clock.fire_next());
  EXPECT_EQ(fired, 1);
}

TEST(TimerGroup, A_timer_may_set_and_cancel_others) {
  VirtualClock clock({0});
  TimerGroup timers(clock);
  int fired = 0;
  const auto doomed = timers.at({30}, "c", [&] { fired += 100; });
  timers.at({10}, "a", [&] {
    timers.cancel(doomed);
    timers.at({20}, "b", [&] { fired += 1; });
  });
  while (clock.fire_next()) {
  }
  EXPECT_EQ(fired, 1);
}

TEST(TimerGroup, Leaves_no_timer_behind) {
  VirtualClock clock({0});
  bool fired = false;
  {
    TimerGroup timers(clock);
    timers.at({10}, "a", [&] { fired = true; });
  }
  EXPECT_EQ(clock.waiting(), 0U);
  EXPECT_FALSE(clock.fire_next());
  EXPECT_FALSE(fired);
}

TEST(TimerGroup, Waits_for_the_function_that_runs) {
  WallClock clock({Instant{0}, 1});
  std::optional<TimerGroup> timers(clock);
  std::promise<void> begun;
  std::promise<void> release;
  bool finished = false;
  timers->at({0}, "a", [&] {
    begun.set_value();
    release.get_future().wait();
    finished = true;
  });
  begun.get_future().wait();
  std::thread ending([&] {
    timers.reset();
    EXPECT_TRUE(finished);
  });
  release.set_value();
  ending.join();
}

TEST(TimerGroup, Ends_while_its_clock_is_busy) {
  WallClock clock({Instant{0}, 1});
  for (int round = 0; round < 200; ++round) {
    int fired = 0;
    TimerGroup timers(clock);
    for (int i = 0; i < 20; ++i)
      timers.at({i}, "a", [&] { ++fired; });
  }
}

}  // namespace
}  // namespace understudy
