#include <gtest/gtest.h>

#include "actors/core/digest.hpp"
#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

TEST(EndpointEvolve, events_about_unknown_things_change_nothing) {
  Story story = Story::one_in_each();
  const State before = story.state;
  const std::vector<Event> strange = {
      CapacityGranted{{9}, {99}, "primary", "a", {InstanceId{5}}},
      FallbackChosen{{9}, {99}, "primary", "a", "b", 1, {}, {}, {}, {}, {}},
      PoolsExhausted{{9}, {99}, "primary", "a", 1, {}, {}, {}, {}, {}, {}},
      RequestClosed{{9}, {99}, "primary", "a", 1, {}, {}, {}, {}},
      LaunchCancelled{{9}, {99}, "primary", "a", 1},
      OperationCompleted{{9}, "primary", 1, 0, 0},
      ProvisioningTimedOut{{9}, "primary", 1, 0, {}},
      DrainRequested{{77}, "primary", "a", DrainReason::scale_in},
      InstanceJoined{{77}, "primary", "a"},
      InstanceLeft{{77}, "primary", "a", LeaveReason::lost, {}},
      InstanceReleased{{77}},
      PreferredPoolOpened{"primary", "none"},
      ScaleOut{"", "none", 1, 2},
  };
  for (const Event& event : strange)
    Decider::evolve(story.state, event, story.now);
  EXPECT_EQ(story.state, before);
  EXPECT_EQ(digest(story.state), digest(before));
}

TEST(EndpointEvolve, an_endpoint_owes_nothing_to_the_outside) {
  EXPECT_TRUE(Decider::outstanding(Story::one_in_each().state).empty());
}

TEST(EndpointEvolve, only_a_blank_endpoint_may_be_forgotten) {
  EXPECT_TRUE(Decider::ended(State{}));
  EXPECT_FALSE(Decider::ended(Story::in_service(1).state));
}

}  // namespace
}  // namespace understudy::endpoint
