#include "services/cli/waiting_for.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Json condition(const std::string& type, bool status,
               const std::string& message = {}) {
  return {{"type", type}, {"status", status}, {"message", message}};
}

Json endpoint(const std::string& status, bool full = true, bool placed = true,
              bool preferred = true) {
  Json json = Json::object();
  json["status"] = status;
  json["variants"] = Json::array(
      {{{"name", "primary"}, {"desired", 3}, {"held", placed ? 3 : 1}}});
  json["conditions"] = Json::array(
      {condition("AtWantedCapacity", full, "primary: 1 of 3 ready"),
       condition("Placed", placed), condition("OnPreferredPools", preferred)});
  return json;
}

TEST(WaitStates, are_read_as_a_list) {
  const auto states = parse_wait_states("in-service,failed");
  ASSERT_TRUE(states);
  EXPECT_THAT(states.value(), ElementsAre("in-service", "failed"));
  for (const char* wrong : {"", "InService", "in-service,", "up"}) {
    const auto parsed = parse_wait_states(wrong);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_THAT(parsed.error().message,
                HasSubstr("accepted: in-service, failed, deleted, "
                          "at-wanted-capacity, on-preferred-pools, placed"));
  }
}

TEST(WaitStates, hold_as_the_endpoint_is) {
  EXPECT_TRUE(holds("in-service", endpoint("in-service")));
  EXPECT_FALSE(holds("in-service", endpoint("creating")));
  EXPECT_TRUE(holds("failed", endpoint("failed")));
  EXPECT_TRUE(holds("deleted", endpoint("deleted")));
  EXPECT_TRUE(holds("deleted", nullptr));
  EXPECT_FALSE(holds("in-service", nullptr));
  EXPECT_TRUE(holds("at-wanted-capacity", endpoint("in-service")));
  EXPECT_FALSE(holds("at-wanted-capacity", endpoint("in-service", false)));
  EXPECT_TRUE(holds("on-preferred-pools", endpoint("in-service")));
  EXPECT_FALSE(
      holds("on-preferred-pools", endpoint("in-service", true, true, false)));
  EXPECT_TRUE(holds("placed", endpoint("creating", false)));
  EXPECT_FALSE(holds("placed", endpoint("creating", false, false)));
}

TEST(WaitStates, what_an_endpoint_that_goes_was_like_counts_no_more) {
  for (const char* state :
       {"at-wanted-capacity", "on-preferred-pools", "placed"}) {
    EXPECT_FALSE(holds(state, endpoint("failed"))) << state;
    EXPECT_FALSE(holds(state, endpoint("deleting"))) << state;
    EXPECT_FALSE(holds(state, endpoint("deleted"))) << state;
  }
}

TEST(WaitStates, placed_needs_more_than_that_nothing_was_asked_for_yet) {
  Json fresh = endpoint("creating", false);
  fresh["variants"][0]["held"] = 0;
  EXPECT_FALSE(holds("placed", fresh));
}

TEST(WaitStates, some_can_come_no_more) {
  EXPECT_TRUE(can_come("in-service", endpoint("creating")));
  EXPECT_TRUE(can_come("failed", endpoint("creating")));
  EXPECT_FALSE(can_come("failed", endpoint("in-service")));
  EXPECT_FALSE(can_come("in-service", endpoint("failed")));
  EXPECT_TRUE(can_come("deleted", endpoint("failed")));
  EXPECT_FALSE(can_come("failed", endpoint("deleting")));
  EXPECT_TRUE(can_come("deleted", endpoint("deleting")));
  EXPECT_FALSE(can_come("in-service", nullptr));
}

TEST(WaitStates, what_it_waits_for_is_said_in_few_words) {
  Json one = endpoint("creating", false);
  EXPECT_EQ(waiting_text(one), "creating; primary: 1 of 3 ready");
  one["waits_for"] = Json::array({{{"text", "2 of 3 wait for a pool"}}});
  EXPECT_EQ(waiting_text(one),
            "creating; primary: 1 of 3 ready; 2 of 3 wait for a pool");
  EXPECT_EQ(waiting_text(nullptr), "not there");
}

}  // namespace
}  // namespace understudy
