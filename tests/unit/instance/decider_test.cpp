#include "actors/instance/decider.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "actors/core/decider.hpp"
#include "actors/core/digest.hpp"

namespace understudy::instance {
namespace {

static_assert(understudy::Decider<instance::Decider>);

using Events = std::vector<Event>;

constexpr Instant launched{1'000'000'000};

Instant at_ms(std::int64_t ms) { return after_ms(launched, ms); }

Launched launch() {
  HealthPolicy health;
  health.healthy_threshold = 2;
  health.unhealthy_threshold = 3;
  health.startup_timeout_ms = 60'000;
  health.drain_timeout_ms = 30'000;
  health.ping_path = "/health";
  health.probe_timeout_ms = 700;
  return {{"p5.48xlarge", "zone-a", Market::spot},
          "primary",
          "p5",
          "ref-1",
          "10.0.0.1:80",
          "model",
          20,
          5'000'000,
          health};
}

/// One instance: what it is told and what it answers.
struct Story {
  State state;

  Events when(std::int64_t ms, const Input& input) {
    return Decider::decide(state, input, at_ms(ms));
  }
  Effect effect() const {
    const std::vector<Effect> owed = Decider::outstanding(state);
    EXPECT_EQ(owed.size(), 1U);
    return owed.at(0);
  }
  Instant deadline() const { return Decider::next_deadline(state); }
};

Story starting() {
  Story story;
  story.when(0, launch());
  return story;
}

Story ready() {
  Story story = starting();
  story.when(5'000, ProbeReport{true, false, 2, {}});
  return story;
}

Story draining() {
  Story story = ready();
  story.when(10'000, Drain{"scale-in"});
  return story;
}

Story terminating() {
  Story story = draining();
  story.when(12'000, DrainFinished{0});
  return story;
}

TEST(InstanceDecider, I1_launched_is_registered_with_a_startup_deadline) {
  Story story;
  const Launched input = launch();
  const Events expected{InstanceRegistered{
      input.offering, input.variant, input.pool, input.provider_ref,
      input.address, input.model, input.max_concurrency,
      input.price_micros_per_hour, input.health, at_ms(60'000)}};
  EXPECT_EQ(story.when(0, input), expected);
  EXPECT_EQ(story.deadline(), at_ms(60'000));
  EXPECT_EQ(story.when(1, input), Events{});
}

TEST(InstanceDecider, I1_is_watched_alike_while_starting_and_ready) {
  Story story = starting();
  const Effect watch =
      Watch{"ref-1", "10.0.0.1:80", 10'000, 2, 3, at_ms(0), "/health", 700};
  EXPECT_EQ(story.effect(), watch);
  story.when(5'000, ProbeReport{true, false, 2, {}});
  EXPECT_EQ(story.effect(), watch);
}

TEST(InstanceDecider, I1_an_older_health_policy_is_watched_by_the_defaults) {
  Launched input = launch();
  input.health.ping_path = "";
  input.health.probe_timeout_ms = 0;
  Story story;
  story.when(0, input);
  const auto watch = std::get<Watch>(story.effect());
  EXPECT_EQ(watch.ping_path, "/ping");
  EXPECT_EQ(watch.probe_timeout_ms, 2'000U);
}

TEST(InstanceDecider, I1_ready_after_enough_good_probes) {
  Story story = starting();
  EXPECT_EQ(story.when(4'000, ProbeReport{true, false, 1, {}}), Events{});
  const ProbeReport good{true, false, 2, {}};
  EXPECT_EQ(story.when(5'000, good), (Events{InstanceReady{2, 5'000}}));
  EXPECT_EQ(story.deadline(), Instant::never());
  EXPECT_EQ(story.when(6'000, good), Events{});
}

TEST(InstanceDecider, I2_container_that_ends_fails_the_start) {
  Story story = starting();
  const ProbeReport failed{false, true, 1, "exit status 1"};
  EXPECT_EQ(story.when(7'000, failed),
            (Events{InstanceStartFailed{"exit status 1", false}}));
  EXPECT_EQ(story.effect(), Effect(Terminate{"ref-1", at_ms(7'000)}));
  EXPECT_EQ(story.when(8'000, failed), Events{});
}

TEST(InstanceDecider, I2_startup_deadline_fails_the_start) {
  Story story = starting();
  EXPECT_EQ(story.when(59'999, DeadlineReached{}), Events{});
  EXPECT_EQ(story.when(60'000, DeadlineReached{}),
            (Events{InstanceStartFailed{"not ready 60000 ms after its launch",
                                        true}}));
  EXPECT_EQ(story.deadline(), Instant::never());
}

TEST(InstanceDecider, I2_bad_probes_while_starting_are_ignored) {
  Story story = starting();
  EXPECT_EQ(story.when(30'000, ProbeReport{false, false, 99, "refused"}),
            Events{});
  EXPECT_EQ(story.state, starting().state);
}

TEST(InstanceDecider, I3_unhealthy_after_enough_bad_probes) {
  Story story = ready();
  EXPECT_EQ(story.when(9'000, ProbeReport{false, false, 2, "slow"}), Events{});
  EXPECT_EQ(story.when(10'000, ProbeReport{false, false, 3, "slow"}),
            (Events{InstanceUnhealthy{3, "slow"}}));
  EXPECT_EQ(story.effect(), Effect(Terminate{"ref-1", at_ms(10'000)}));
  EXPECT_EQ(story.when(11'000, ProbeReport{false, false, 4, "slow"}), Events{});
}

TEST(InstanceDecider, I4_reclaim_notice_serves_on_until_it_must_drain) {
  Story story = ready();
  const ReclaimNotice notice{at_ms(100'000)};
  EXPECT_EQ(story.when(10'000, notice),
            (Events{ReclaimNoticed{at_ms(100'000), at_ms(70'000)}}));
  EXPECT_EQ(story.state.phase, Phase::ready);
  EXPECT_EQ(story.deadline(), at_ms(70'000));
  EXPECT_EQ(story.when(11'000, notice), Events{});
  EXPECT_EQ(story.when(70'000, DeadlineReached{}),
            (Events{InstanceDraining{"reclaimed", at_ms(100'000)}}));
  EXPECT_EQ(story.deadline(), at_ms(100'000));
}

TEST(InstanceDecider, I4_short_notice_drains_in_the_same_decision) {
  Story story = ready();
  EXPECT_EQ(story.when(10'000, ReclaimNotice{at_ms(15'000)}),
            (Events{ReclaimNoticed{at_ms(15'000), at_ms(10'000)},
                    InstanceDraining{"reclaimed", at_ms(15'000)}}));
}

TEST(InstanceDecider, I4_notice_of_what_is_past_ends_soon) {
  Story story = ready();
  EXPECT_EQ(story.when(10'000, ReclaimNotice{Instant{}}).size(), 2U);
  EXPECT_EQ(story.deadline(), Instant{});
  EXPECT_EQ(story.when(10'000, DeadlineReached{}),
            (Events{InstanceDrained{0, true}}));
  EXPECT_EQ(story.deadline(), Instant::never());
}

TEST(InstanceDecider, I4_later_notice_does_not_postpone) {
  Story story = ready();
  story.when(10'000, ReclaimNotice{at_ms(100'000)});
  EXPECT_EQ(story.when(11'000, ReclaimNotice{at_ms(200'000)}), Events{});
  EXPECT_EQ(story.when(12'000, ReclaimNotice{at_ms(90'000)}),
            (Events{ReclaimNoticed{at_ms(90'000), at_ms(60'000)}}));
}

TEST(InstanceDecider, I4_reclaimed_while_starting_ends_without_serving) {
  Story story = starting();
  story.when(1'000, ReclaimNotice{at_ms(50'000)});
  EXPECT_EQ(story.deadline(), at_ms(20'000));
  EXPECT_EQ(story.when(20'000, DeadlineReached{}),
            (Events{InstanceDraining{"reclaimed", at_ms(50'000)},
                    InstanceDrained{0, false}}));
  EXPECT_EQ(story.state.phase, Phase::terminating);
}

TEST(InstanceDecider, I4_noticed_while_starting_may_still_become_ready) {
  Story story = starting();
  story.when(1'000, ReclaimNotice{at_ms(500'000)});
  EXPECT_EQ(story.deadline(), at_ms(60'000));
  EXPECT_EQ(story.when(5'000, ProbeReport{true, false, 2, {}}).size(), 1U);
  EXPECT_EQ(story.deadline(), at_ms(470'000));
}

TEST(InstanceDecider, I4_notice_while_draining_shortens_the_drain) {
  Story story = draining();
  EXPECT_EQ(story.when(11'000, ReclaimNotice{at_ms(40'000)}), Events{});
  EXPECT_EQ(story.when(12'000, ReclaimNotice{at_ms(20'000)}),
            (Events{ReclaimNoticed{at_ms(20'000), at_ms(12'000)}}));
  EXPECT_EQ(story.deadline(), at_ms(20'000));
  EXPECT_EQ(story.effect(),
            Effect(AwaitDrained{"10.0.0.1:80", at_ms(10'000), at_ms(20'000)}));
}

TEST(InstanceDecider, I4_reclaimed_while_it_drained_is_terminated) {
  Story story = ready();
  story.when(10'000, ReclaimNotice{at_ms(15'000)});
  EXPECT_EQ(story.when(15'000, Gone{"reclaimed"}),
            (Events{InstanceTerminated{15'000}}));
}

TEST(InstanceDecider, I4_taken_before_its_drain_is_lost) {
  Story story = ready();
  story.when(10'000, ReclaimNotice{at_ms(100'000)});
  EXPECT_EQ(story.when(20'000, Gone{"reclaimed"}),
            (Events{InstanceLost{"reclaimed", 20'000}}));
}

TEST(InstanceDecider, I5_drain_finishes_what_is_in_flight) {
  Story story = ready();
  EXPECT_EQ(story.when(10'000, Drain{"scale-in"}),
            (Events{InstanceDraining{"scale-in", at_ms(40'000)}}));
  EXPECT_EQ(story.when(10'001, Drain{"scale-in"}), Events{});
  EXPECT_EQ(story.effect(),
            Effect(AwaitDrained{"10.0.0.1:80", at_ms(10'000), at_ms(40'000)}));
  EXPECT_EQ(story.when(12'000, DrainFinished{0}),
            (Events{InstanceDrained{0, false}}));
  EXPECT_EQ(story.effect(), Effect(Terminate{"ref-1", at_ms(12'000)}));
  EXPECT_EQ(story.when(12'001, DrainFinished{0}), Events{});
}

TEST(InstanceDecider, I5_drain_is_bounded) {
  Story story = draining();
  EXPECT_EQ(story.when(40'000, DeadlineReached{}),
            (Events{InstanceDrained{0, true}}));
  Story cut_off = draining();
  EXPECT_EQ(cut_off.when(40'000, DrainFinished{4}),
            (Events{InstanceDrained{4, true}}));
}

TEST(InstanceDecider, I5_drain_never_outlasts_a_reclaim) {
  Story story = ready();
  story.when(10'000, ReclaimNotice{at_ms(100'000)});
  EXPECT_EQ(story.when(69'000, Drain{"scale-in"}),
            (Events{InstanceDraining{"scale-in", at_ms(99'000)}}));
  Story late = ready();
  late.when(10'000, ReclaimNotice{at_ms(50'000)});
  EXPECT_EQ(late.when(19'999, Drain{"scale-in"}),
            (Events{InstanceDraining{"scale-in", at_ms(49'999)}}));
}

TEST(InstanceDecider, I5_one_that_never_served_is_drained_at_once) {
  Story story = starting();
  EXPECT_EQ(story.when(3'000, Drain{"surplus"}),
            (Events{InstanceDraining{"surplus", at_ms(33'000)},
                    InstanceDrained{0, false}}));
  EXPECT_EQ(story.state.phase, Phase::terminating);
}

TEST(InstanceDecider, I5_draining_is_not_probed) {
  Story story = draining();
  EXPECT_EQ(story.when(11'000, ProbeReport{false, false, 9, "x"}), Events{});
  EXPECT_EQ(story.when(11'000, ProbeReport{true, false, 9, "x"}), Events{});
}

TEST(InstanceDecider, I5_terminated_when_the_provider_says_gone) {
  Story story = terminating();
  EXPECT_FALSE(Decider::ended(story.state));
  EXPECT_EQ(story.when(20'000, Gone{"ended"}),
            (Events{InstanceTerminated{20'000}}));
  EXPECT_TRUE(Decider::ended(story.state));
  EXPECT_EQ(story.when(20'001, Gone{"ended"}), Events{});
  EXPECT_TRUE(Decider::outstanding(story.state).empty());
}

TEST(InstanceDecider, I5_gone_by_itself_is_lost) {
  for (Story story : {starting(), ready(), draining()}) {
    EXPECT_EQ(story.when(30'000, Gone{"hardware"}),
              (Events{InstanceLost{"hardware", 30'000}}));
    EXPECT_TRUE(Decider::ended(story.state));
  }
}

TEST(InstanceDecider, unknown_instance_answers_nothing_but_its_launch) {
  const std::vector<Input> inputs{
      Drain{"x"},      ProbeReport{true, true, 9, {}},
      ReclaimNotice{}, DrainFinished{},
      Gone{},          DeadlineReached{}};
  for (const Input& input : inputs) {
    Story story;
    EXPECT_EQ(story.when(1'000, input), Events{});
    story.state = {};
    EXPECT_EQ(Decider::decide(story.state, input, Instant::never()), Events{});
    EXPECT_EQ(story.state, State{});
  }
}

TEST(InstanceDecider, ended_instance_answers_nothing) {
  Story story = terminating();
  story.when(20'000, Gone{});
  const std::vector<Input> inputs{
      launch(),         Drain{"x"}, ProbeReport{true, true, 9, {}},
      ReclaimNotice{},  Gone{},     DrainFinished{},
      DeadlineReached{}};
  for (const Input& input : inputs) {
    EXPECT_EQ(story.when(30'000, input), Events{});
  }
}

TEST(InstanceDecider, keeps_no_text_that_it_no_longer_needs) {
  Story story = terminating();
  EXPECT_EQ(story.state.address, "");
  EXPECT_EQ(story.state.provider_ref, "ref-1");
  story.when(20'000, Gone{});
  EXPECT_EQ(story.state.provider_ref, "");
}

TEST(InstanceDecider, digest_follows_the_state) {
  EXPECT_EQ(digest(ready().state), digest(ready().state));
  EXPECT_NE(digest(ready().state), digest(starting().state));
}

}  // namespace
}  // namespace understudy::instance
