// Who may call now, and whose turn it is.

#include "services/capacity/call_gate.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy {
namespace {

using ::testing::ElementsAre;

class CallGateTest : public ::testing::Test {
 protected:
  void enter(const std::string& key) {
    gate_.enter(key, [this, key] { started_.push_back(key); });
  }

  CallGate gate_{{3, 2}};
  std::vector<std::string> started_;
};

TEST_F(CallGateTest, starts_at_once_while_there_is_room) {
  enter("a");
  enter("b");
  EXPECT_THAT(started_, ElementsAre("a", "b"));
  EXPECT_EQ(gate_.running(), 2U);
}

TEST_F(CallGateTest, one_key_cannot_take_every_place) {
  for (int i = 0; i < 10; ++i)
    enter("a");
  EXPECT_THAT(started_, ElementsAre("a", "a"));
  enter("b");
  EXPECT_THAT(started_, ElementsAre("a", "a", "b"));
  EXPECT_EQ(gate_.waiting(), 8U);
}

TEST_F(CallGateTest, keys_take_turns) {
  for (const auto* key : {"a", "a", "b", "a", "a", "b", "c", "c"})
    enter(key);
  EXPECT_THAT(started_, ElementsAre("a", "a", "b"));
  gate_.leave("b");
  gate_.leave("a");
  gate_.leave("a");
  EXPECT_THAT(started_, ElementsAre("a", "a", "b", "b", "c", "a"));
}

TEST_F(CallGateTest, everything_is_started_in_the_end) {
  for (int i = 0; i < 50; ++i)
    enter(i % 2 == 0 ? "a" : "b");
  for (std::size_t left = 0; left < started_.size(); ++left)
    gate_.leave(std::string(started_[left]));
  EXPECT_EQ(started_.size(), 50U);
  EXPECT_EQ(gate_.running(), 0U);
  EXPECT_EQ(gate_.waiting(), 0U);
}

}  // namespace
}  // namespace understudy
