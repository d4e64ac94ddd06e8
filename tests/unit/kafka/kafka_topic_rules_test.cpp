#include "services/event_log/kafka_topic_rules.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const KafkaSettings settings{"k1:9092", "fleet", {}};

/// As `topics create` makes them.
TopicStates good(std::int32_t partitions = 4, std::int32_t replicas = 3) {
  TopicStates states;
  for (const TopicRule& rule : topic_rules()) {
    TopicState state{partitions, replicas, {}};
    state.settings["min.insync.replicas"] =
        std::to_string(min_insync(replicas));
    for (const auto& one : rule.settings)
      state.settings.emplace(one.key, one.value);
    states.topics.emplace(settings.topic(rule.name), state);
  }
  states.journal.resize(static_cast<std::size_t>(partitions));
  return states;
}

std::vector<std::string> lines(const TopicStates& states,
                               const TopicDemands& demands = {}) {
  std::vector<std::string> said;
  for (const TopicFinding& one : judge_topics(settings, states, demands))
    said.push_back(one.line());
  return said;
}

TEST(KafkaTopicRules, what_is_made_is_well_judged) {
  EXPECT_THAT(lines(good()), IsEmpty());
  EXPECT_THAT(lines(good(), {4, true}), IsEmpty());
  EXPECT_THAT(lines(good(1, 1)), IsEmpty());
}

TEST(KafkaTopicRules, there_are_six_and_each_has_to_be_there) {
  std::set<std::string> missing;
  for (const auto& one : judge_topics(settings, {}, {})) {
    EXPECT_EQ(one.found, "missing");
    EXPECT_THAT(one.change, HasSubstr("understudy topics create --log "
                                      "kafka:k1:9092 --kafka-prefix fleet"));
    missing.insert(one.topic);
  }
  EXPECT_THAT(missing,
              ElementsAre("fleet.commands", "fleet.dead-letter", "fleet.events",
                          "fleet.journal", "fleet.load", "fleet.snapshots"));
}

TEST(KafkaTopicRules, a_line_says_what_why_and_how_to_mend_it) {
  auto states = good();
  states.topics["fleet.journal"].settings["cleanup.policy"] = "compact";
  EXPECT_THAT(
      lines(states),
      ElementsAre("fleet.journal: cleanup.policy is compact, must be delete: "
                  "compaction keeps only the last record of each endpoint; "
                  "change it with: kafka-configs.sh --bootstrap-server k1:9092 "
                  "--alter --entity-type topics --entity-name fleet.journal "
                  "--add-config cleanup.policy=delete"));
}

/// Every setting of the table, made wrong, is one finding about it.
TEST(KafkaTopicRules, each_setting_is_judged) {
  for (const TopicRule& rule : topic_rules()) {
    for (const auto& setting : rule.settings) {
      const bool exact = setting.check == TopicRule::Setting::Check::exact;
      auto states = good();
      auto& found = states.topics[settings.topic(rule.name)]
                        .settings[std::string(setting.key)];
      found = exact
                  ? "other"
                  : std::to_string(std::stoll(std::string(setting.least)) - 1);
      const auto findings = judge_topics(settings, states, {});
      ASSERT_EQ(findings.size(), 1U) << rule.name << ' ' << setting.key;
      EXPECT_EQ(findings[0].setting, setting.key);
      EXPECT_THAT(findings[0].change, HasSubstr(std::string(setting.key) + '=' +
                                                std::string(setting.value)));
      if (exact) continue;
      found = setting.least;
      EXPECT_THAT(lines(states), IsEmpty()) << rule.name << setting.key;
      found = "-1";
      EXPECT_THAT(lines(states), IsEmpty()) << rule.name << setting.key;
    }
  }
}

TEST(KafkaTopicRules, a_journal_that_forgets_is_refused) {
  for (const char* key : {"retention.ms", "retention.bytes"}) {
    auto states = good();
    states.topics["fleet.journal"].settings[key] = "31536000000";
    EXPECT_THAT(lines(states),
                ElementsAre(AllOf(HasSubstr(key), HasSubstr("must be -1"))));
  }
  auto states = good();
  states.journal[2].begin = 17;
  EXPECT_THAT(lines(states),
              ElementsAre(HasSubstr("fleet.journal: first offset of partition "
                                    "2 is 17, must be 0: records")));
}

TEST(KafkaTopicRules, partitions_are_those_of_the_journal_for_ever) {
  auto states = good();
  states.topics["fleet.commands"].partitions = 3;
  states.topics["fleet.events"].partitions = 5;
  states.topics["fleet.load"].partitions = 1;
  EXPECT_THAT(lines(states),
              ElementsAre(AllOf(HasSubstr("fleet.commands: partitions is 3, "
                                          "must be 4"),
                                HasSubstr("--alter --topic fleet.commands "
                                          "--partitions 4")),
                          AllOf(HasSubstr("fleet.events: partitions is 5, "
                                          "must be 4"),
                                HasSubstr("another prefix"))));
  TopicDemands more;
  more.partitions = 8;
  EXPECT_THAT(lines(good(), more),
              ElementsAre(AllOf(HasSubstr("fleet.journal: partitions is 4, "
                                          "must be 8"),
                                HasSubstr("--partitions 4, or another"))));
  states = good();
  for (auto& one : states.journal)
    one.partitions_at_first = 4;
  EXPECT_THAT(lines(states), IsEmpty());
  states.journal[1].partitions_at_first = 2;
  EXPECT_THAT(lines(states),
              ElementsAre(AllOf(HasSubstr("partitions is 4, must be 2"),
                                HasSubstr("first record of partition 1"))));
}

TEST(KafkaTopicRules, production_wants_copies) {
  EXPECT_THAT(lines(good(4, 1)), IsEmpty());
  const auto said = lines(good(4, 1), {0, true});
  EXPECT_EQ(said.size(), 12U);
  EXPECT_THAT(said[0], HasSubstr("replication is 1, must be 3 or more"));
  EXPECT_THAT(said[1], HasSubstr("min.insync.replicas is 1, must be 2"));
  auto states = good(4, 1);
  states.topics["fleet.load"].settings["min.insync.replicas"] = "2";
  EXPECT_THAT(lines(states),
              ElementsAre(AllOf(HasSubstr("must be 1"),
                                HasSubstr("nothing can be written"))));
}

}  // namespace
}  // namespace understudy
