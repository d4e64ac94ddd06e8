#include "services/capacity/simulated_capacity.hpp"

#include <gmock/gmock.h>

#include "tests/unit/capacity/simulated_world.hpp"

namespace understudy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using SimulatedCapacityTest = SimulatedWorld;

TEST_F(SimulatedCapacityTest, Grants_what_the_trace_shows_less_what_is_held) {
  EXPECT_THAT(launch_and_run(call("a", west, 3)).answer.granted, SizeIs(3));
  EXPECT_EQ(provider_->held(west), 3U);
  const auto answer = launch_and_run(call("b", west, 3)).answer;
  EXPECT_THAT(answer.granted, SizeIs(1));
  EXPECT_EQ(answer.refused, 2U);
  EXPECT_EQ(answer.kind, RefusalKind::capacity);
  EXPECT_EQ(answer.code, "ZONE_RESOURCE_POOL_EXHAUSTED");
  EXPECT_EQ(answer.message, "zone west has no spot h100 left now");
  EXPECT_EQ(provider_->held(west), 4U);
}

TEST_F(SimulatedCapacityTest, Names_instances_by_token_and_index) {
  const auto answer = launch_and_run(call("e/v/p/1-1", east, 2)).answer;
  ASSERT_THAT(answer.granted, SizeIs(2));
  EXPECT_EQ(answer.kind, RefusalKind::none);
  EXPECT_EQ(answer.granted[1].provider_ref, "sim:e/v/p/1-1-1");
  EXPECT_EQ(answer.granted[1].token, "e/v/p/1-1");
  EXPECT_EQ(answer.granted[1].index, 1U);
  EXPECT_THAT(answer.granted[1].address,
              testing::EndsWith(".simulated.invalid:8080"));
  EXPECT_NE(answer.granted[0].address, answer.granted[1].address);
}

TEST_F(SimulatedCapacityTest, A_dry_offering_says_so_sooner_than_it_grants) {
  const auto refused = launch_and_run(call("a", dry, 2));
  EXPECT_EQ(refused.answer.refused, 2U);
  EXPECT_GE(refused.at, after_ms(start(), world_.refusal.min_ms));
  EXPECT_LE(refused.at, after_ms(start(), world_.refusal.max_ms));
  const Instant asked = clock_->now();
  const auto granted = launch_and_run(call("b", east, 2));
  EXPECT_GE(granted.at, after_ms(asked, world_.launch.min_ms));
  EXPECT_LE(granted.at, after_ms(asked, world_.launch.max_ms));
}

TEST_F(SimulatedCapacityTest, Follows_the_trace_as_time_goes_on) {
  run(second(600));
  EXPECT_THAT(launch_and_run(call("a", dry, 3)).answer.granted, SizeIs(2));
  EXPECT_THAT(launch_and_run(call("b", west, 3)).answer.granted, SizeIs(1));
}

TEST_F(SimulatedCapacityTest, An_offering_that_is_not_in_the_trace) {
  const Offering other{"h100", "moon", Market::spot};
  const auto answer = launch_and_run(call("a", other, 2)).answer;
  EXPECT_EQ(answer.kind, RefusalKind::infeasible);
  EXPECT_EQ(answer.refused, 2U);
  EXPECT_EQ(answer.message, "h100 is not offered as spot in zone moon");
}

TEST_F(SimulatedCapacityTest, Two_calls_at_once_share_what_there_is) {
  launch(call("a", west, 3));
  launch(call("b", west, 3));
  run();
  EXPECT_EQ(
      answers_[0]->answer.granted.size() + answers_[1]->answer.granted.size(),
      4U);
  EXPECT_EQ(answers_[0]->answer.refused + answers_[1]->answer.refused, 2U);
}

TEST_F(SimulatedCapacityTest, A_pending_token_is_answered_once_per_call) {
  launch(call("a", west, 3));
  launch(call("a", west, 3));
  run();
  ASSERT_TRUE(answers_[0] && answers_[1]);
  EXPECT_EQ(answers_[0]->at, answers_[1]->at);
  EXPECT_THAT(answers_[1]->answer.granted, SizeIs(3));
  EXPECT_EQ(answers_[0]->answer.granted[2].provider_ref,
            answers_[1]->answer.granted[2].provider_ref);
  EXPECT_EQ(provider_->held(west), 3U);
}

TEST_F(SimulatedCapacityTest, A_settled_token_gets_its_answer_again) {
  launch_and_run(call("a", west, 3));
  const auto refused = launch_and_run(call("b", dry, 1)).answer;
  run(second(600));
  const auto again = launch_and_run(call("a", west, 3));
  EXPECT_EQ(again.at, second(600));
  EXPECT_THAT(again.answer.granted, SizeIs(3));
  EXPECT_EQ(provider_->held(west), 3U);
  // There is room now, but the token was answered for good.
  EXPECT_EQ(launch_and_run(call("b", dry, 1)).answer.refused, 1U);
  EXPECT_EQ(refused.refused, 1U);
}

TEST_F(SimulatedCapacityTest, The_same_run_gives_the_same_answers) {
  const auto first = launch_and_run(call("a", west, 2));
  const auto ended = launch_and_run(call("b", dry, 2));
  restart(start());
  const auto again = launch_and_run(call("a", west, 2));
  EXPECT_EQ(again.at, first.at);
  EXPECT_EQ(again.answer.granted[0].address, first.answer.granted[0].address);
  EXPECT_EQ(launch_and_run(call("b", dry, 2)).at, ended.at);
}

TEST_F(SimulatedCapacityTest, Another_seed_gives_other_instants) {
  const auto first = launch_and_run(call("a", west, 2));
  seed_ = 2;
  restart(start());
  EXPECT_NE(launch_and_run(call("a", west, 2)).at, first.at);
}

TEST_F(SimulatedCapacityTest, A_call_made_again_after_a_restart) {
  const LaunchCall wanted = call("a", west, 2);
  const Instant answered = launch_and_run(wanted).at;
  // Before the instant at which a refusal would be known, and after it.
  for (const std::int64_t ms : {1'000, 13'000}) {
    restart(after_ms(start(), ms));
    const auto again = launch_and_run(wanted);
    EXPECT_EQ(again.at, answered);
    EXPECT_THAT(again.answer.granted, SizeIs(2));
  }
  restart(second(300));
  EXPECT_EQ(launch_and_run(wanted).at, second(300));
}

TEST_F(SimulatedCapacityTest, Restored_instances_are_held_again) {
  restart(second(10));
  provider_->restore({{"us", "a", 0, west, second(2)},
                      {"us", "a", 2, west, second(2)},
                      {"them", "b", 0, west, second(3)}});
  provider_->restore({{"us", "a", 0, west, second(2)}});
  EXPECT_EQ(provider_->held(west), 3U);
  EXPECT_THAT(listed(), ElementsAre("sim:a-0", "sim:a-2"));
  const auto again = launch_and_run(call("a", west, 3)).answer;
  EXPECT_THAT(again.granted, SizeIs(2));
  EXPECT_EQ(again.refused, 1U);
  EXPECT_EQ(again.kind, RefusalKind::capacity);
  EXPECT_EQ(provider_->held(west), 3U);
  EXPECT_THAT(launch_and_run(call("c", west, 3)).answer.granted, SizeIs(1));
}

TEST_F(SimulatedCapacityTest, Nothing_asked_nothing_refused) {
  const auto answer = launch_and_run(call("a", dry, 0)).answer;
  EXPECT_THAT(answer.granted, IsEmpty());
  EXPECT_EQ(answer.kind, RefusalKind::none);
}

TEST_F(SimulatedCapacityTest, Lets_go_of_callbacks_when_it_ends) {
  auto held = std::make_shared<int>(1);
  provider_->launch(call("a", west, 1), [held](const LaunchAnswer&) {});
  provider_.reset();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(clock_->waiting(), 0U);
}

TEST_F(SimulatedCapacityTest, The_ledger_has_every_call) {
  launch_and_run(call("a", west, 3));
  launch_and_run(call("b", west, 3));
  launch_and_run(call("a", west, 3));
  launch_and_run(call("c", dry, 2));
  launch(call("d", dry, 2));
  const auto entries = provider_->ledger();
  ASSERT_THAT(entries, SizeIs(5));
  EXPECT_EQ(entries[1].id, "b");
  EXPECT_EQ(entries[1].asked, 3U);
  EXPECT_EQ(entries[1].granted, 1U);
  EXPECT_EQ(entries[1].refused, 2U);
  EXPECT_TRUE(entries[2].repeated);
  EXPECT_EQ(entries[4].answered_at, Instant::never());
  const auto totals = provider_->totals();
  EXPECT_EQ(totals.at(west), (LaunchTotals{3, 6, 4, 2, 0}));
  EXPECT_EQ(totals.at(dry), (LaunchTotals{1, 2, 0, 2, 1}));
}

TEST_F(SimulatedCapacityTest, What_is_kept_is_bounded_and_sums_are_not) {
  provider_.emplace(*clock_, small_trace(), world_, seed_, 3);
  launch_and_run(call("live", east, 2));
  const LaunchCall first = call("first", dry, 1);
  launch_and_run(first);
  for (int i = 0; i < 5; ++i)
    launch_and_run(call("more-" + std::to_string(i), dry, 1));
  EXPECT_THAT(provider_->ledger(), SizeIs(3));
  EXPECT_EQ(provider_->totals().at(dry), (LaunchTotals{6, 6, 0, 6, 6}));
  EXPECT_EQ(provider_->totals().at(east), (LaunchTotals{1, 2, 2, 0, 0}));
  // The token of live instances is known however much came after it.
  launch_and_run(call("live", east, 2));
  EXPECT_TRUE(provider_->ledger().back().repeated);
  EXPECT_EQ(provider_->held(east), 2U);
  launch_and_run(call("more-4", dry, 1));
  EXPECT_TRUE(provider_->ledger().back().repeated);
  launch_and_run(first);
  EXPECT_FALSE(provider_->ledger().back().repeated) << "long ago";
}

TEST_F(SimulatedCapacityTest, A_token_rests_when_its_last_instance_is_gone) {
  provider_.emplace(*clock_, small_trace(), world_, seed_, 1);
  launch_and_run(call("a", east, 1));
  bool gone = false;
  provider_->terminate("sim:a-0", clock_->now(),
                       [&](TerminateAnswer) { gone = true; });
  while (!gone && clock_->fire_next()) {
  }
  launch_and_run(call("a", east, 1));
  EXPECT_TRUE(provider_->ledger().back().repeated) << "the newest is kept";
  EXPECT_EQ(provider_->held(east), 0U);
  launch_and_run(call("b", dry, 1));
  launch_and_run(call("a", east, 1));
  EXPECT_FALSE(provider_->ledger().back().repeated);
}

TEST_F(SimulatedCapacityTest, What_cannot_be_written_down_is_not_launched) {
  bool full = true;
  provider_->on_held(
      [&](const std::vector<HeldInstance>& all, bool) -> Result<void> {
        EXPECT_THAT(all, SizeIs(2));
        if (full) return Error{ErrorCode::unavailable, "no space left"};
        return {};
      });
  const LaunchCall wanted = call("a", east, 2);
  const auto refused = launch_and_run(wanted).answer;
  EXPECT_EQ(refused.kind, RefusalKind::throttled);
  EXPECT_EQ(refused.message, "no space left");
  EXPECT_GT(refused.retry_after_ms, 0U);
  EXPECT_THAT(refused.granted, IsEmpty());
  EXPECT_EQ(provider_->held(east), 0U);
  full = false;
  EXPECT_THAT(launch_and_run(wanted).answer.granted, SizeIs(2));
}

}  // namespace
}  // namespace understudy
