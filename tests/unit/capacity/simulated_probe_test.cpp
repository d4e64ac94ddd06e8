#include "services/capacity/simulated_probe.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "services/clock/virtual_clock.hpp"

namespace understudy {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class SimulatedProbeTest : public testing::Test {
 protected:
  SimulatedProbeTest() { restart(start); }

  static constexpr Instant start{1'000'000'000'000};

  void restart(Instant now) {
    probe_.reset();
    clock_.emplace(now);
    probe_.emplace(*clock_, world_, 1);
  }

  WatchCall call(const std::string& name) {
    return {"instance/" + name, "sim:" + name, "a:1", 10'000, 2, 3, start};
  }

  void watch(const WatchCall& call) {
    probe_->watch(call, [this](const ProbeOutcome& outcome) {
      outcomes_.push_back(outcome);
      at_.push_back(clock_->now());
    });
    EXPECT_TRUE(outcomes_.empty()) << "reported from inside the call";
  }

  void run() {
    while (clock_->fire_next()) {
    }
  }

  InstanceWorld world_;
  std::optional<VirtualClock> clock_;
  std::optional<SimulatedProbe> probe_;
  std::vector<ProbeOutcome> outcomes_;
  std::vector<Instant> at_;
};

TEST_F(SimulatedProbeTest, An_instance_is_ready_when_it_has_started) {
  watch(call("a"));
  run();
  ASSERT_THAT(outcomes_, SizeIs(1));
  EXPECT_TRUE(outcomes_[0].healthy);
  EXPECT_EQ(outcomes_[0].consecutive, 2U);
  EXPECT_GE(at_[0], after_ms(start, world_.startup.min_ms));
  EXPECT_LE(at_[0], after_ms(start, world_.startup.max_ms));
}

TEST_F(SimulatedProbeTest, A_watch_set_again_reports_as_the_first) {
  watch(call("a"));
  run();
  const Instant ready = at_[0];
  for (const Instant now : {after_ms(ready, -1), after_ms(ready, 5)}) {
    outcomes_.clear();
    at_.clear();
    restart(now);
    watch(call("a"));
    watch(call("a"));
    run();
    EXPECT_THAT(at_, testing::ElementsAre(std::max(ready, now)));
  }
}

TEST_F(SimulatedProbeTest, Some_starts_fail) {
  world_.start_failure_milli = 1000;
  restart(start);
  watch(call("a"));
  run();
  ASSERT_THAT(outcomes_, SizeIs(1));
  EXPECT_FALSE(outcomes_[0].healthy);
  EXPECT_TRUE(outcomes_[0].failed_start);
  EXPECT_EQ(outcomes_[0].consecutive, 1U);
}

TEST_F(SimulatedProbeTest, Unhealthy_on_demand) {
  watch(call("a"));
  run();
  probe_->make_unhealthy("instance/a", "no answer");
  probe_->make_unhealthy("instance/unknown", "no answer");
  run();
  ASSERT_THAT(outcomes_, SizeIs(2));
  EXPECT_FALSE(outcomes_[1].healthy);
  EXPECT_FALSE(outcomes_[1].failed_start);
  EXPECT_EQ(outcomes_[1].consecutive, 3U);
  EXPECT_EQ(outcomes_[1].detail, "no answer");
}

TEST_F(SimulatedProbeTest, Forgotten_is_silent) {
  watch(call("a"));
  probe_->await_drained({"instance/a", "a:1", start, Instant::never()},
                        [this](std::uint32_t) { outcomes_.emplace_back(); });
  probe_->forget("instance/a");
  probe_->forget("instance/a");
  probe_->make_unhealthy("instance/a", "x");
  run();
  EXPECT_THAT(outcomes_, IsEmpty());
  EXPECT_EQ(clock_->waiting(), 0U);
}

TEST_F(SimulatedProbeTest, Drains_within_its_time_or_leaves_some) {
  std::optional<std::uint32_t> left;
  Instant at;
  const auto done = [&](std::uint32_t in_flight) {
    left = in_flight;
    at = clock_->now();
  };
  probe_->await_drained({"instance/a", "a:1", start, after_ms(start, 300'000)},
                        done);
  EXPECT_FALSE(left.has_value());
  run();
  EXPECT_EQ(left, 0U);
  EXPECT_GE(at, after_ms(start, world_.drain.min_ms));
  EXPECT_LE(at, after_ms(start, world_.drain.max_ms));
  const Instant drained = at;
  restart(after_ms(drained, -1));
  probe_->await_drained({"instance/a", "a:1", start, after_ms(drained, -1)},
                        done);
  run();
  EXPECT_EQ(left, 1U);
  EXPECT_EQ(at, after_ms(drained, -1));
}

}  // namespace
}  // namespace understudy
