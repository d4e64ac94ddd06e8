/// What the ports are told, field by field.

#include "actors/runtime/effects.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "services/clock/virtual_clock.hpp"
#include "tests/support/rig.hpp"

namespace understudy {
namespace {

/// Remembers calls and answers none.
class Listening final : public CapacityProvider, public HealthProbe {
 public:
  void launch(const LaunchCall& call,
              std::function<void(LaunchAnswer)>) override {
    launches.push_back(call);
  }
  void terminate(const std::string&, Instant,
                 std::function<void(TerminateAnswer)>) override {}
  void list(
      const std::string&,
      std::function<void(Result<std::vector<ProviderInstance>>)>) override {}
  void on_notice(std::function<void(ProviderNotice)>) override {}
  void watch(const WatchCall& call,
             std::function<void(ProbeOutcome)>) override {
    watches.push_back(call);
  }
  void await_drained(const DrainCall&,
                     std::function<void(std::uint32_t)>) override {}
  void forget(const std::string&) override {}

  std::vector<LaunchCall> launches;
  std::vector<WatchCall> watches;
};

class EffectsTest : public ::testing::Test {
 protected:
  VirtualClock clock_{{1'000'000}};
  Listening world_;
  NoLoad load_;
  Effects effects_{{clock_, world_, world_, load_},
                   "owner",
                   [](const StreamId&, const OutsideInput&) {},
                   [](const ProviderNotice&) {}};
};

TEST_F(EffectsTest, a_launch_carries_all_that_an_instance_is_run_with) {
  effects_.update(StreamId::pool("chat", "primary", "p5"),
                  {pool::Effect(pool::Launch{{10},
                                             {3},
                                             2,
                                             {"p5", "a", Market::spot},
                                             4,
                                             "llama",
                                             {77},
                                             {{"B", "2"}, {"A", "1"}},
                                             8})});
  ASSERT_EQ(world_.launches.size(), 1U);
  const LaunchCall& call = world_.launches[0];
  EXPECT_EQ(call.owner, "owner");
  EXPECT_EQ(call.token, "chat/primary/p5/3-2");
  EXPECT_EQ(call.offering, (Offering{"p5", "a", Market::spot}));
  EXPECT_EQ(call.count, 4U);
  EXPECT_EQ(call.model, "llama");
  EXPECT_EQ(call.requested_at, Instant{77});
  EXPECT_EQ(call.environment,
            (std::vector<EnvironmentVariable>{{"B", "2"}, {"A", "1"}}));
  EXPECT_EQ(call.max_concurrency, 8U);
}

TEST_F(EffectsTest, a_watch_says_what_to_ask_and_how_long_to_wait) {
  const auto stream = StreamId::instance("chat", InstanceId::make({3}, 2, 0));
  effects_.update(stream,
                  {instance::Effect(instance::Watch{
                      "ref", "host:80", 500, 2, 3, {77}, "/health", 900})});
  ASSERT_EQ(world_.watches.size(), 1U);
  const WatchCall& call = world_.watches[0];
  EXPECT_EQ(call.stream, stream.text);
  EXPECT_EQ(call.provider_ref, "ref");
  EXPECT_EQ(call.address, "host:80");
  EXPECT_EQ(call.probe_interval_ms, 500U);
  EXPECT_EQ(call.healthy_threshold, 2U);
  EXPECT_EQ(call.unhealthy_threshold, 3U);
  EXPECT_EQ(call.launched_at, Instant{77});
  EXPECT_EQ(call.ping_path, "/health");
  EXPECT_EQ(call.probe_timeout_ms, 900U);
}

}  // namespace
}  // namespace understudy
