#include "services/control/command_outcomes.hpp"

#include <gtest/gtest.h>

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds at_once{0};
const CommandAnswer put_aside{false,           "stream-stopped", "",
                              "endpoint/chat", "1:7: unknown",   0};

Record decision(const std::string& command) {
  Record record;
  record.stream = StreamId::endpoint("chat");
  record.sequence = 5;
  record.parts = 1;
  endpoint::DeleteEndpoint input;
  input.command = command;
  record.cause.input = input;
  record.event = endpoint::CommandAccepted{};
  return record;
}

TEST(CommandOutcomes, WhatIsPutAsideIsToldToThoseWhoWait) {
  CommandOutcomes outcomes;
  const CommandOutcomes::Wait one(outcomes, "chat", "c-1");
  const CommandOutcomes::Wait again(outcomes, "chat", "c-1");
  const CommandOutcomes::Wait other(outcomes, "chat", "c-2");
  outcomes.put_aside("chat", "c-1", put_aside);
  for (const auto* waiting : {&one, &again}) {
    const auto answer = waiting->await(at_once);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->reason, "stream-stopped");
    EXPECT_EQ(answer->expected, "1:7: unknown");
  }
  EXPECT_FALSE(other.await(at_once));
}

TEST(CommandOutcomes, WhatIsPutAsideIsNotKept) {
  CommandOutcomes outcomes;
  outcomes.put_aside("chat", "c-1", put_aside);
  {
    const CommandOutcomes::Wait waiting(outcomes, "chat", "c-1");
    EXPECT_FALSE(waiting.await(at_once));
    outcomes.put_aside("chat", "c-1", put_aside);
  }
  EXPECT_FALSE(outcomes.find("c-1"));
  const CommandOutcomes::Wait later(outcomes, "chat", "c-1");
  EXPECT_FALSE(later.await(at_once));
}

TEST(CommandOutcomes, ADecisionSaysMoreThanThatItWasPutAsideBefore) {
  CommandOutcomes outcomes;
  const CommandOutcomes::Wait waiting(outcomes, "chat", "c-1");
  outcomes.put_aside("chat", "c-1", put_aside);
  outcomes.see(decision("c-1"));
  const auto answer = waiting.await(at_once);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->accepted);
  EXPECT_EQ(answer->sequence, 5U);
}

}  // namespace
}  // namespace understudy
