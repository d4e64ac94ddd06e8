#include "services/event_log/kafka_topics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/event_log/kafka_client.hpp"
#include "tests/support/kafka_broker.hpp"

namespace understudy {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const KafkaBroker* const broker = KafkaBroker::add();

KafkaSettings fleet(const std::string& prefix) {
  return {broker->bootstrap(), prefix, {}};
}

void make(const KafkaSettings& settings, std::int32_t partitions) {
  TopicsToMake wanted;
  wanted.partitions = partitions;
  const auto made = create_topics(settings, wanted);
  ASSERT_TRUE(made) << made.error().message;
}

std::vector<TopicFinding> findings(const KafkaSettings& settings,
                                   const TopicDemands& demands = {}) {
  const auto found = check_topics(settings, demands);
  EXPECT_TRUE(found) << found.error().message;
  return found ? found.value() : std::vector<TopicFinding>{};
}

/// One message with the headers of a claim; empty for none.
void claim(const KafkaSettings& settings, std::int32_t partition,
           const std::string& partitions) {
  const auto client = kafka::Client::make(RD_KAFKA_PRODUCER, settings, {});
  ASSERT_TRUE(client) << client.error().message;
  rd_kafka_headers_t* headers = rd_kafka_headers_new(2);
  rd_kafka_header_add(headers, "understudy-kind", -1, "claim", -1);
  if (!partitions.empty())
    rd_kafka_header_add(headers, "partitions", -1, partitions.c_str(), -1);
  const auto code = rd_kafka_producev(
      client.value()->handle(), RD_KAFKA_V_TOPIC("right.journal"),
      RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_HEADERS(headers),
      RD_KAFKA_V_END);
  ASSERT_EQ(code, RD_KAFKA_RESP_ERR_NO_ERROR);
  ASSERT_EQ(rd_kafka_flush(client.value()->handle(), 60000),
            RD_KAFKA_RESP_ERR_NO_ERROR);
}

TEST(KafkaTopics, what_is_made_is_well_judged_and_never_changed) {
  const auto settings = fleet("made");
  make(settings, 3);
  EXPECT_THAT(findings(settings), IsEmpty());
  EXPECT_THAT(findings(settings, {3, false}), IsEmpty());
  EXPECT_THAT(findings(settings, {4, false}), ::testing::SizeIs(1));
  const auto again = create_topics(settings, {});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(again.value(), Each(Field(&TopicMade::made, false)));
  EXPECT_THAT(findings(settings), IsEmpty());
  const auto states = look_at_topics(settings);
  ASSERT_TRUE(states) << states.error().message;
  EXPECT_EQ(states.value().topics.size(), 6U);
  for (const auto& [name, state] : states.value().topics)
    EXPECT_EQ(state.partitions, 3) << name;
}

TEST(KafkaTopics, none_at_all_are_six_findings) {
  EXPECT_THAT(findings(fleet("none")),
              ::testing::AllOf(::testing::SizeIs(6),
                               Each(Field(&TopicFinding::found, "missing"))));
}

TEST(KafkaTopics, the_first_claim_says_how_many_partitions_there_are) {
  const auto settings = fleet("right");
  make(settings, 2);
  claim(settings, 0, "2");
  EXPECT_THAT(findings(settings), IsEmpty());
  // A later claim says nothing about the first record.
  claim(settings, 0, "5");
  EXPECT_THAT(findings(settings), IsEmpty());
  claim(settings, 1, "1");
  EXPECT_THAT(findings(settings),
              ElementsAre(Field(&TopicFinding::wanted, "1")));
}

TEST(KafkaTopics, a_cluster_that_is_too_small_is_said) {
  TopicsToMake wanted;
  wanted.production = true;
  auto made = create_topics(fleet("big"), wanted);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("too little for production"));
  wanted = {};
  wanted.replication = 2;
  made = create_topics(fleet("big"), wanted);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("accepted: 1 to 1"));
  EXPECT_THAT(findings(fleet("big")), ::testing::SizeIs(6));
}

}  // namespace
}  // namespace understudy
