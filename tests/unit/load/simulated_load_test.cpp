#include "services/load/simulated_load.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "services/clock/virtual_clock.hpp"

namespace understudy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

LoadTrace trace() {
  auto read = LoadTrace::parse("t",
                               "understudy-load 1\n"
                               "start 2025-01-01T00:00:00Z\nstep 600\n"
                               "0 10000\n600 40000\n1200 0\nend 1800\n");
  return std::move(read).value();
}

InstanceId instance(std::uint32_t n) { return InstanceId::make({n}, 1, 0); }

class SimulatedLoadTest : public testing::Test {
 protected:
  SimulatedLoadTest() { restart(second(0)); }

  static Instant second(std::int64_t s) {
    return after_ms(trace().start(), s * 1000);
  }

  void restart(Instant now) {
    load_.reset();
    clock_.emplace(now);
    load_.emplace(*clock_);
    load_->add("chat", "primary", trace(), {1000, 2000, {}, 30'000});
    windows_.clear();
  }

  void start(std::uint32_t window_ms = 60'000) {
    load_->start("chat", "primary", window_ms, [this](LoadFacts facts) {
      EXPECT_EQ(clock_->now(), facts.to);
      windows_.push_back(std::move(facts));
    });
    EXPECT_THAT(windows_, IsEmpty()) << "handed over from inside the call";
  }

  void ready(std::uint32_t n, Instant at) {
    load_->instance_ready("chat", "primary", "west", instance(n), 40, at);
  }

  void run(Instant limit) {
    while (clock_->fire_next(limit)) {
    }
    clock_->advance_to(limit);
  }

  std::vector<Instant> ends() const {
    std::vector<Instant> ends;
    for (const LoadFacts& window : windows_)
      ends.push_back(window.to);
    return ends;
  }

  std::optional<VirtualClock> clock_;
  std::optional<SimulatedLoad> load_;
  std::vector<LoadFacts> windows_;
};

TEST_F(SimulatedLoadTest, Hands_over_aligned_windows_with_their_numbers) {
  load_->set_desired("chat", "primary", 2, second(0));
  ready(1, second(0));
  run(second(30));
  start();
  run(second(180));
  EXPECT_THAT(ends(), ElementsAre(second(60), second(120), second(180)));
  const LoadFacts& window = windows_[1];
  EXPECT_EQ(window.from, second(60));
  EXPECT_EQ(window.desired, 2U);
  ASSERT_THAT(window.pools, SizeIs(1));
  EXPECT_EQ(window.pools[0].pool, "west");
  EXPECT_EQ(window.pools[0].in_flight_milli, 20'000U);
  EXPECT_THAT(window.instances, ElementsAre(std::pair(instance(1), 20U)));
}

TEST_F(SimulatedLoadTest, An_instance_counts_while_it_is_ready) {
  ready(1, second(0));
  start();
  run(second(30));
  ready(2, second(30));
  run(second(90));
  load_->instance_left("chat", instance(1), second(90));
  run(second(120));
  EXPECT_EQ(windows_[0].pools[0].ready, 2U);
  EXPECT_THAT(windows_[0].instances, SizeIs(2));
  EXPECT_EQ(windows_[0].instances[0].second, 10U);
  EXPECT_THAT(windows_[1].instances, ElementsAre(std::pair(instance(2), 20U)));
}

TEST_F(SimulatedLoadTest, A_second_start_replaces_the_first) {
  ready(1, second(0));
  start();
  bool old = false;
  load_->start("chat", "primary", 60'000,
               [&](const LoadFacts&) { old = true; });
  start(30'000);
  run(second(60));
  EXPECT_FALSE(old);
  EXPECT_THAT(ends(), ElementsAre(second(30), second(60)));
}

TEST_F(SimulatedLoadTest, Stop_ends_the_windows) {
  ready(1, second(0));
  start();
  run(second(60));
  load_->stop("chat", "primary");
  load_->stop("chat", "none");
  run(second(300));
  EXPECT_THAT(windows_, SizeIs(1));
  EXPECT_EQ(clock_->waiting(), 0U);
}

TEST_F(SimulatedLoadTest, A_closed_endpoint_gets_no_more_requests) {
  ready(1, second(0));
  load_->endpoint_closed("chat", second(10));
  EXPECT_EQ(load_->totals("chat", "primary", second(60)).arrived_milli,
            100'000U);
}

TEST_F(SimulatedLoadTest, A_variant_of_unknown_load_reports_nothing) {
  load_->instance_ready("other", "primary", "west", instance(1), 40, second(0));
  load_->start("other", "primary", 60'000,
               [this](const LoadFacts& facts) { windows_.push_back(facts); });
  run(second(60));
  ASSERT_THAT(windows_, SizeIs(1));
  EXPECT_EQ(windows_[0].pools[0].ready, 1U);
  EXPECT_EQ(windows_[0].pools[0].reporting, 0U);
}

TEST_F(SimulatedLoadTest, Endpoints_do_not_mix) {
  load_->add("chat-2", "primary", trace(), {1000, 2000, {}, 30'000});
  ready(1, second(0));
  load_->instance_ready("chat-2", "primary", "west", instance(1), 10,
                        second(0));
  load_->instance_left("chat", instance(1), second(10));
  EXPECT_EQ(load_->totals("chat", "primary", second(20)).queued_milli,
            100'000U);
  EXPECT_GT(load_->totals("chat-2", "primary", second(20)).served_milli, 0U);
}

/// The news of the log up to `now`, as a restarted simulation tells them.
class SimulatedLoadRestart : public SimulatedLoadTest {
 protected:
  void tell(Instant now) {
    load_->set_desired("chat", "primary", 1, second(1));
    if (now >= second(7)) ready(1, second(7));
    if (now >= second(95)) ready(2, second(95));
    if (now >= second(130)) {
      load_->instance_left("chat", instance(1), second(130));
      load_->set_desired("chat", "primary", 2, second(130));
    }
  }

  /// Runs to the end, telling what happens when it happens.
  void live(Instant from) {
    start();
    for (const std::int64_t s : {7, 95, 130}) {
      if (second(s) <= from) continue;
      run(second(s));
      tell(second(s));
    }
    run(second(700));
  }
};

TEST_F(SimulatedLoadRestart, Goes_on_with_the_same_windows) {
  tell(second(1));
  live(second(1));
  const auto all = windows_;
  ASSERT_THAT(all, SizeIs(11));
  for (const std::int64_t s : {2, 50, 61, 100, 131, 400}) {
    restart(second(s));
    tell(second(s));
    live(second(s));
    const auto first = static_cast<std::size_t>(s / 60);
    ASSERT_THAT(windows_, SizeIs(all.size() - first)) << s;
    for (std::size_t i = 0; i < windows_.size(); ++i) {
      const LoadFacts& again = windows_[i];
      const LoadFacts& once = all[first + i];
      EXPECT_EQ(again.to, once.to);
      EXPECT_EQ(again.desired, once.desired);
      EXPECT_EQ(again.queued_milli, once.queued_milli);
      EXPECT_EQ(again.instances, once.instances);
      ASSERT_EQ(again.pools.size(), once.pools.size());
      for (std::size_t p = 0; p < once.pools.size(); ++p) {
        EXPECT_EQ(again.pools[p].in_flight_milli,
                  once.pools[p].in_flight_milli);
      }
    }
  }
}

TEST_F(SimulatedLoadRestart, A_window_that_ends_now_is_due_unless_seen) {
  restart(second(60));
  tell(second(60));
  start();
  run(second(60));
  EXPECT_THAT(ends(), ElementsAre(second(60)));
  restart(second(60));
  tell(second(60));
  load_->window_seen("chat", "primary", second(60));
  start();
  run(second(120));
  EXPECT_THAT(ends(), ElementsAre(second(120)));
}

}  // namespace
}  // namespace understudy
