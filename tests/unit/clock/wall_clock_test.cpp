#include "services/clock/wall_clock.hpp"

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

namespace understudy {
namespace {

using testing::ElementsAre;

constexpr Instant start{1'000'000};
constexpr std::int64_t hour_us = 3'600'000'000;

Instant in_ms(const Clock& clock, std::int64_t ms) {
  return after_ms(clock.now(), ms);
}

TEST(WallClock, Counts_on_from_its_start_and_never_back) {
  WallClock clock({start, 1});
  const Instant first = clock.now();
  EXPECT_GE(first, start);
  EXPECT_GE(clock.now(), first);
}

/// Holds the clock's thread until it is opened, so that a test sets its
/// timers while nothing fires.
class Gate {
 public:
  explicit Gate(Clock& clock) {
    clock.at({0}, "gate", [this] {
      reached_.set_value();
      opened_.get_future().wait();
    });
    reached_.get_future().wait();
  }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> reached_;
  std::promise<void> opened_;
};

TEST(WallClock, Fires_in_order_of_instant_key_insertion) {
  WallClock clock({start, 1});
  Gate gate(clock);
  std::vector<std::string> fired;
  std::promise<void> done;
  const Instant soon = in_ms(clock, 1);
  clock.at(after_ms(soon, 1), "end", [&] { done.set_value(); });
  clock.at(soon, "b", [&] { fired.emplace_back("b"); });
  clock.at(soon, "a", [&] { fired.emplace_back("a"); });
  clock.at(soon, "b", [&] { fired.emplace_back("b, set later"); });
  clock.at({0}, "z", [&] { fired.emplace_back("passed"); });
  gate.open();
  done.get_future().wait();
  EXPECT_THAT(fired, ElementsAre("passed", "a", "b", "b, set later"));
}

TEST(WallClock, Never_fires_early) {
  WallClock clock({start, 1000});
  std::promise<Instant> seen;
  const Instant due = in_ms(clock, 1500);
  clock.at(due, "a", [&] { seen.set_value(clock.now()); });
  EXPECT_GE(seen.get_future().get(), due);
}

TEST(WallClock, Runs_faster_when_told_to) {
  WallClock clock({start, 1'000'000});
  std::promise<void> done;
  // An hour would outlast the test's time limit if it were waited for.
  clock.at({clock.now().us + hour_us}, "a", [&] { done.set_value(); });
  done.get_future().wait();
  EXPECT_GE(clock.now().us, start.us + hour_us);
}

TEST(WallClock, An_earlier_timer_overtakes_the_one_that_is_waited_for) {
  WallClock clock({start, 1});
  std::promise<void> done;
  clock.at({start.us + hour_us}, "far", [] {});
  clock.at({start.us + 1}, "near", [&] { done.set_value(); });
  done.get_future().wait();
}

TEST(WallClock, A_cancelled_timer_is_not_begun) {
  WallClock clock({start, 1});
  Gate gate(clock);
  bool fired = false;
  std::promise<void> done;
  const auto id = clock.at({1}, "a", [&] { fired = true; });
  clock.at({2}, "b", [&] { done.set_value(); });
  clock.cancel(id);
  clock.cancel(id);
  gate.open();
  done.get_future().wait();
  EXPECT_FALSE(fired);
}

TEST(WallClock, A_timer_may_set_and_cancel_timers) {
  WallClock clock({start, 1});
  std::vector<std::string> fired;
  std::promise<void> done;
  const auto doomed = clock.at({start.us + hour_us}, "doomed", [] {});
  clock.at({0}, "a", [&] {
    clock.cancel(doomed);
    clock.at({0}, "b", [&] {
      fired.emplace_back("b");
      done.set_value();
    });
    fired.emplace_back("a");
  });
  done.get_future().wait();
  EXPECT_THAT(fired, ElementsAre("a", "b"));
}

TEST(WallClock, Drops_what_waits_when_it_ends) {
  auto held = std::make_shared<int>(1);
  bool fired = false;
  {
    WallClock clock;
    clock.at({clock.now().us + hour_us}, "a", [held, &fired] { fired = true; });
    clock.at(Instant::never(), "b", [held, &fired] { fired = true; });
  }
  EXPECT_FALSE(fired);
  EXPECT_EQ(held.use_count(), 1);
}

TEST(WallClock, Is_used_from_many_threads) {
  constexpr int threads = 4;
  constexpr int each = 200;
  int fired = 0;  // Touched by the clock's thread alone.
  {
    WallClock clock({start, 1'000'000});
    std::vector<std::thread> setters;
    setters.reserve(threads);
    for (int t = 0; t < threads; ++t) {
      setters.emplace_back([&, t] {
        for (int i = 0; i < each; ++i) {
          const auto id =
              clock.at({start.us + i}, std::to_string(t), [&] { ++fired; });
          if (i % 2 == 1) clock.cancel(id);
        }
      });
    }
    for (auto& setter : setters)
      setter.join();
    std::promise<void> done;
    clock.at(in_ms(clock, 1), "end", [&] { done.set_value(); });
    done.get_future().wait();
  }
  EXPECT_GE(fired, threads * each / 2);
  EXPECT_LE(fired, threads * each);
}

}  // namespace
}  // namespace understudy
