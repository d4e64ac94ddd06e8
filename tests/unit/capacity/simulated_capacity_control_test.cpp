#include <gmock/gmock.h>

#include "services/capacity/simulated_capacity.hpp"
#include "tests/unit/capacity/simulated_world.hpp"

namespace understudy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class SimulatedCapacityControl : public SimulatedWorld {
 protected:
  struct Ended {
    Instant at;
    TerminateAnswer answer = TerminateAnswer::failed;
  };

  Ended terminate(const std::string& ref, Instant requested_at) {
    std::optional<Ended> ended;
    provider_->terminate(ref, requested_at, [&](TerminateAnswer answer) {
      ended = Ended{clock_->now(), answer};
    });
    EXPECT_FALSE(ended.has_value()) << "answered from inside the call";
    while (!ended && clock_->fire_next()) {
    }
    return ended.value_or(Ended{});
  }

  void note_notices() {
    provider_->on_notice([this](const ProviderNotice& notice) {
      notices_.push_back(notice);
      noticed_at_.push_back(clock_->now());
    });
  }

  std::vector<ProviderNotice> notices_;
  std::vector<Instant> noticed_at_;
};

TEST_F(SimulatedCapacityControl, Terminate_frees_the_place) {
  launch_and_run(call("a", west, 4));
  const Instant asked = clock_->now();
  const Ended ended = terminate("sim:a-1", asked);
  EXPECT_EQ(ended.answer, TerminateAnswer::gone);
  EXPECT_GE(ended.at, after_ms(asked, world_.terminate.min_ms));
  EXPECT_LE(ended.at, after_ms(asked, world_.terminate.max_ms));
  EXPECT_EQ(provider_->held(west), 3U);
  EXPECT_THAT(listed(), ElementsAre("sim:a-0", "sim:a-2", "sim:a-3"));
}

TEST_F(SimulatedCapacityControl, Terminate_again_after_a_restart) {
  launch_and_run(call("a", west, 1));
  const Instant asked = clock_->now();
  const Instant gone = terminate("sim:a-0", asked).at;
  restart(after_ms(asked, 1));
  provider_->restore({{"us", "a", 0, west, asked}});
  EXPECT_EQ(terminate("sim:a-0", asked).at, gone);
}

TEST_F(SimulatedCapacityControl, What_is_not_there_is_gone) {
  const Ended ended = terminate("sim:none-0", clock_->now());
  EXPECT_EQ(ended.answer, TerminateAnswer::gone);
  EXPECT_EQ(ended.at, start());
}

TEST_F(SimulatedCapacityControl, Terminate_may_be_told_to_fail) {
  launch_and_run(call("a", west, 2));
  provider_->script_terminate(TerminateAnswer::failed, 1);
  provider_->script_terminate(TerminateAnswer::ending, 1);
  EXPECT_EQ(terminate("sim:a-0", clock_->now()).answer,
            TerminateAnswer::failed);
  EXPECT_EQ(provider_->held(west), 2U);
  EXPECT_EQ(terminate("sim:a-0", clock_->now()).answer,
            TerminateAnswer::ending);
  EXPECT_EQ(provider_->held(west), 1U);
  EXPECT_EQ(terminate("sim:a-0", clock_->now()).answer, TerminateAnswer::gone);
}

TEST_F(SimulatedCapacityControl, List_is_by_owner_and_in_order) {
  LaunchCall theirs = call("t", east, 1);
  theirs.owner = "them";
  launch_and_run(theirs);
  launch_and_run(call("b", east, 2));
  launch_and_run(call("a", east, 1));
  EXPECT_THAT(listed(), ElementsAre("sim:a-0", "sim:b-0", "sim:b-1"));
  EXPECT_THAT(listed("them"), ElementsAre("sim:t-0"));
  EXPECT_THAT(listed("nobody"), IsEmpty());
}

TEST_F(SimulatedCapacityControl, Scripted_refusals) {
  provider_->script(east, {Scripted::quota});
  provider_->script(east, {Scripted::throttled, 1, Instant::never(), 7000});
  provider_->script(east, {Scripted::infeasible});
  auto answer = launch_and_run(call("a", east, 2)).answer;
  EXPECT_EQ(answer.kind, RefusalKind::quota);
  EXPECT_EQ(answer.refused, 2U);
  answer = launch_and_run(call("b", east, 2)).answer;
  EXPECT_EQ(answer.kind, RefusalKind::throttled);
  EXPECT_EQ(answer.refused, 0U);
  EXPECT_EQ(answer.retry_after_ms, 7000U);
  answer = launch_and_run(call("c", east, 2)).answer;
  EXPECT_EQ(answer.kind, RefusalKind::infeasible);
  EXPECT_THAT(launch_and_run(call("d", east, 2)).answer.granted, SizeIs(2));
  // Other offerings were never concerned, and a throttled token tries anew.
  EXPECT_THAT(launch_and_run(call("e", west, 2)).answer.granted, SizeIs(2));
  EXPECT_THAT(launch_and_run(call("b", east, 2)).answer.granted, SizeIs(2));
}

TEST_F(SimulatedCapacityControl, A_script_may_last_until_an_instant) {
  provider_->script(east, {Scripted::quota, 0, second(100)});
  EXPECT_EQ(launch_and_run(call("a", east, 1)).answer.kind, RefusalKind::quota);
  EXPECT_EQ(launch_and_run(call("b", east, 1)).answer.kind, RefusalKind::quota);
  run(second(100));
  EXPECT_THAT(launch_and_run(call("c", east, 1)).answer.granted, SizeIs(1));
}

TEST_F(SimulatedCapacityControl, No_answer_though_it_was_launched) {
  provider_->script(east, {Scripted::unknown_launched});
  const auto answer = launch_and_run(call("a", east, 2)).answer;
  EXPECT_EQ(answer.kind, RefusalKind::unknown);
  EXPECT_THAT(answer.granted, IsEmpty());
  EXPECT_EQ(answer.refused, 0U);
  EXPECT_THAT(listed(), ElementsAre("sim:a-0", "sim:a-1"));
  EXPECT_THAT(launch_and_run(call("a", east, 2)).answer.granted, SizeIs(2));
  EXPECT_EQ(provider_->held(east), 2U);
}

TEST_F(SimulatedCapacityControl, No_answer_and_nothing_happened) {
  provider_->script(east, {Scripted::unknown_lost});
  EXPECT_EQ(launch_and_run(call("a", east, 2)).answer.kind,
            RefusalKind::unknown);
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_THAT(launch_and_run(call("a", east, 2)).answer.granted, SizeIs(2));
}

TEST_F(SimulatedCapacityControl, Scripts_reach_calls_made_late) {
  run(second(3600));
  provider_->script(east, {Scripted::quota});
  LaunchCall wanted = call("a", east, 1);
  wanted.requested_at = start();
  EXPECT_EQ(launch_and_run(wanted).answer.kind, RefusalKind::quota);
}

TEST_F(SimulatedCapacityControl, A_closed_offering_has_no_capacity) {
  provider_->close(east);
  EXPECT_EQ(launch_and_run(call("a", east, 1)).answer.kind,
            RefusalKind::capacity);
  provider_->open(east);
  EXPECT_THAT(launch_and_run(call("b", east, 1)).answer.granted, SizeIs(1));
}

TEST_F(SimulatedCapacityControl, Spot_is_reclaimed_when_the_world_does_that) {
  world_.reclaim = {true, {3'600'000, 7'200'000}, 30'000};
  restart(start());
  note_notices();
  const Instant launched = launch_and_run(call("a", west, 1)).at;
  run(second(600));
  launch_and_run(call("b", dry, 1));
  run();
  ASSERT_THAT(notices_, SizeIs(2));
  EXPECT_FALSE(notices_[0].gone);
  EXPECT_EQ(notices_[0].token, "a");
  EXPECT_EQ(notices_[0].reclaim_at, after_ms(noticed_at_[0], 30'000));
  EXPECT_GE(noticed_at_[0], after_ms(launched, 3'600'000));
  EXPECT_LE(noticed_at_[0], after_ms(launched, 7'200'000));
  EXPECT_TRUE(notices_[1].gone);
  EXPECT_EQ(noticed_at_[1], notices_[0].reclaim_at);
  EXPECT_EQ(provider_->held(west), 0U);
  EXPECT_EQ(provider_->held(dry), 1U) << "on-demand stays";
}

TEST_F(SimulatedCapacityControl, Reclaims_come_as_due_after_a_restart) {
  world_.reclaim = {true, {3'600'000, 7'200'000}, 30'000};
  restart(start());
  note_notices();
  const Instant launched = launch_and_run(call("a", west, 1)).at;
  run();
  const auto first = noticed_at_;
  ASSERT_THAT(first, SizeIs(2));
  notices_.clear();
  noticed_at_.clear();
  restart(after_ms(first[0], -1));
  note_notices();
  provider_->restore({{"us", "a", 0, west, launched}});
  run();
  EXPECT_EQ(noticed_at_, first);
  notices_.clear();
  noticed_at_.clear();
  restart(after_ms(first[0], 1));
  note_notices();
  provider_->restore({{"us", "a", 0, west, launched}});
  run();
  EXPECT_THAT(noticed_at_, ElementsAre(first[1]));
  EXPECT_TRUE(notices_[0].gone);
}

TEST_F(SimulatedCapacityControl, An_ended_instance_is_not_reclaimed) {
  world_.reclaim = {true, {3'600'000, 7'200'000}, 30'000};
  restart(start());
  note_notices();
  launch_and_run(call("a", west, 1));
  terminate("sim:a-0", clock_->now());
  run();
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(SimulatedCapacityControl, Instances_are_taken_away_on_demand) {
  note_notices();
  launch_and_run(call("a", west, 2));
  provider_->take_away("sim:a-0", 10'000);
  provider_->take_away("sim:a-1", 0);
  provider_->take_away("sim:none-0", 0);
  run();
  ASSERT_THAT(notices_, SizeIs(3));
  EXPECT_EQ(provider_->held(west), 0U);
}

}  // namespace
}  // namespace understudy
