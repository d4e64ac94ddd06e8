// An input that is only tried, and what an unknown stream is answered.

#include <gtest/gtest.h>

#include "tests/support/memory_log.hpp"
#include "tests/support/rig.hpp"

namespace understudy {
namespace {

const StreamId chat = StreamId::endpoint("chat");

struct Tried {
  CommandAnswer answer;
  std::vector<AnyEvent> events;
};

Tried try_out(Rig& rig, OutsideInput input) {
  Tried tried;
  rig.partition->try_out(chat, std::move(input),
                         [&tried](const CommandAnswer& answer,
                                  const std::vector<AnyEvent>& events) {
                           tried = {answer, events};
                         });
  rig.partition->settle();
  return tried;
}

TEST(Preview, tells_what_a_command_would_cause_and_records_nothing) {
  MemoryLog log;
  Rig rig(log);
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  const endpoint::CreateEndpoint create{"c1", three_pools("chat", 2)};
  const Tried first = try_out(rig, create);
  EXPECT_TRUE(first.answer.accepted);
  ASSERT_FALSE(first.events.empty());
  EXPECT_EQ(event_name(first.events.front()), "endpoint-created");
  EXPECT_EQ(log.end().value(), 1U);

  CommandAnswer real;
  rig.submit(chat, create, [&](const CommandAnswer& a) { real = a; });
  EXPECT_TRUE(real.accepted);
  EXPECT_GE(real.sequence, first.events.size());
  const Tried again = try_out(rig, create);
  EXPECT_TRUE(again.answer.accepted);
  EXPECT_TRUE(again.events.empty());
  const Tried other =
      try_out(rig, endpoint::CreateEndpoint{"c2", three_pools("chat", 2)});
  EXPECT_FALSE(other.answer.accepted);
  EXPECT_EQ(other.answer.reason, "endpoint-exists");
}

TEST(Preview, goes_on_from_the_state_that_a_stream_has_now) {
  MemoryLog log;
  Rig rig(log);
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  rig.submit(chat, endpoint::CreateEndpoint{"c1", three_pools("chat", 2)});
  rig.run_for(3'600'000);
  const auto before = log.end().value();
  const Tried tried =
      try_out(rig, endpoint::ScaleVariant{"s1", "primary", 5, {}});
  EXPECT_TRUE(tried.answer.accepted);
  ASSERT_FALSE(tried.events.empty());
  EXPECT_EQ(event_name(tried.events.front()), "scale-out");
  EXPECT_EQ(log.end().value(), before);
}

}  // namespace
}  // namespace understudy
