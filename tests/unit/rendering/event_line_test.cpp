#include "services/rendering/event_line.hpp"

#include <gtest/gtest.h>

#include "services/projection/wording.hpp"

namespace understudy {
namespace {

Record accepted(OutsideInput input) {
  Record record;
  record.stream = StreamId::endpoint("chat");
  record.sequence = 7;
  record.cause = {0, std::move(input)};
  record.event = endpoint::CommandAccepted{"c-1", "scale-variant"};
  return record;
}

TEST(CloudEvent, tells_who_sent_the_command_that_caused_it) {
  const Json json = cloud_event(accepted(
      endpoint::ScaleVariant{"c-1", "primary", 2, {}, "alice", "00-trace"}));
  EXPECT_EQ(json["causeinput"], "scale-variant");
  EXPECT_EQ(json["command"], "c-1");
  EXPECT_EQ(json["authid"], "alice");
  EXPECT_EQ(json["authtype"], "unknown");
  EXPECT_EQ(json["traceparent"], "00-trace");
}

TEST(CloudEvent, says_nothing_of_a_sender_that_is_not_known) {
  const Json json = cloud_event(accepted(endpoint::DeleteEndpoint{"c-1"}));
  EXPECT_EQ(json["command"], "c-1");
  for (const char* name : {"authid", "authtype", "traceparent"})
    EXPECT_FALSE(json.contains(name)) << name;
}

TEST(CloudEvent, only_the_first_record_of_a_decision_knows_its_cause) {
  Record later = accepted(endpoint::DeleteEndpoint{"c-1", "alice", "00-trace"});
  later.part = 1;
  later.parts = 2;
  const Json json = cloud_event(later);
  EXPECT_EQ(json["decision"], "0:6");
  EXPECT_FALSE(json.contains("authid"));
}

TEST(CloudEvent, the_sentence_of_a_command_names_its_sender) {
  EXPECT_EQ(summary(OutsideInput(
                endpoint::DeleteEndpoint{"c-1", "operator-token", ""})),
            "command c-1 by operator-token: delete the endpoint");
  EXPECT_EQ(summary(OutsideInput(endpoint::DeleteEndpoint{"c-1"})),
            "command c-1: delete the endpoint");
}

}  // namespace
}  // namespace understudy
