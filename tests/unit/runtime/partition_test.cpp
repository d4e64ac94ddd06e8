// The one road on virtual time: commands in, a log out, recovery from it.

#include "actors/runtime/partition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/runtime/verify.hpp"
#include "tests/support/memory_log.hpp"
#include "tests/support/rig.hpp"

namespace understudy {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

const StreamId chat = StreamId::endpoint("chat");

template <class Event>
std::vector<Event> events_of(const std::vector<Record>& records) {
  std::vector<Event> all;
  for (const auto& record : records) {
    if (const auto* e = std::get_if<Event>(&record.event)) all.push_back(*e);
  }
  return all;
}

endpoint::CreateEndpoint create(std::uint32_t count) {
  return {"create-1", three_pools("chat", count)};
}

/// Creates, scales, lets an instance be lost, deletes.
void play(Rig& rig) {
  rig.submit(chat, create(4));
  rig.run_for(hour_ms);
  rig.submit(chat, endpoint::ScaleVariant{"scale-1", "primary", 6, {}});
  rig.run_for(hour_ms);
  const auto held = rig.capacity.held({"gpu", "zone-b", Market::spot});
  ASSERT_GT(held, 0U);
  rig.capacity.take_away(
      SimulatedCapacity::provider_ref_of("chat/primary/second/2-1", 0), 0);
  rig.run_for(hour_ms);
  rig.submit(chat, endpoint::ScaleVariant{"scale-2", "primary", 3, {}});
  rig.run_for(hour_ms);
  rig.submit(chat, endpoint::DeleteEndpoint{"delete-1"});
  rig.run_for(hour_ms);
}

std::vector<std::vector<std::byte>> log_of(RigOptions options) {
  MemoryLog log;
  Rig rig(log, options);
  EXPECT_TRUE(rig.open().ok());
  rig.start();
  play(rig);
  rig.partition->stop();
  return log.all();
}

TEST(Partition, serves_an_endpoint_from_the_pools_that_have_capacity) {
  MemoryLog log;
  Rig rig(log);
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  rig.submit(chat, create(4));
  rig.run_for(hour_ms);
  rig.partition->stop();

  const auto records = records_of(log, *rig.codec);
  const auto in_service = events_of<endpoint::EndpointInService>(records);
  ASSERT_EQ(in_service.size(), 1U);
  const std::vector<endpoint::PoolCount> expected = {{"primary", "second", 2},
                                                     {"primary", "third", 2}};
  EXPECT_EQ(in_service[0].pools, expected);
  EXPECT_EQ(events_of<endpoint::FallbackChosen>(records).size(), 2U);
}

TEST(Partition, a_command_is_answered_when_it_is_durable) {
  MemoryLog log;
  Rig rig(log);
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  std::vector<CommandAnswer> answers;
  const auto keep = [&](const CommandAnswer& answer) {
    EXPECT_GT(log.end().value(), 1U);
    answers.push_back(answer);
  };
  rig.submit(chat, create(1), keep);
  rig.submit(chat, create(1), keep);  // The same id: the same answer.
  rig.submit(chat, endpoint::CreateEndpoint{"create-2", {}}, keep);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_TRUE(answers[0].accepted);
  EXPECT_TRUE(answers[1].accepted);
  EXPECT_FALSE(answers[2].accepted);
  EXPECT_FALSE(answers[2].reason.empty());
  EXPECT_FALSE(answers[2].expected.empty());
}

TEST(Partition, the_same_inputs_give_the_same_bytes) {
  const auto once = log_of({});
  EXPECT_GT(once.size(), 50U);
  EXPECT_EQ(once, log_of({}));
  RigOptions other;
  other.seed = 2;
  EXPECT_NE(once, log_of(other));
}

TEST(Partition, resting_actors_change_nothing) {
  RigOptions eager_to_rest;
  eager_to_rest.max_live = 0;
  EXPECT_EQ(log_of({}), log_of(eager_to_rest));
}

TEST(Partition, every_decision_is_taken_alike_again) {
  MemoryLog log;
  Rig rig(log);
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  play(rig);
  rig.partition->stop();
  const auto verified = verify(log, *rig.codec);
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified.value().ok());
  EXPECT_GT(verified.value().decisions, 30U);
  EXPECT_EQ(verified.value().not_verifiable, 0U);
  EXPECT_EQ(verified.value().digest, rig.partition->fleet().digest());
}

TEST(Partition, nothing_is_held_after_deletion) {
  MemoryLog log;
  Rig rig(log);
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  play(rig);
  rig.partition->stop();
  const auto records = records_of(log, *rig.codec);
  EXPECT_EQ(events_of<endpoint::EndpointDeleted>(records).size(), 1U);
  EXPECT_TRUE(held_after(records).empty());
  for (const auto* zone : {"zone-a", "zone-b", "zone-c"}) {
    EXPECT_EQ(rig.capacity.held({"gpu", zone, Market::spot}), 0U);
  }
}

TEST(Partition, a_failed_commit_lets_nothing_out) {
  MemoryLog log;
  Rig rig(log);
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  log.fail_with({ErrorCode::unavailable, "disk full"});
  bool answered = false;
  rig.submit(chat, create(1), [&](const CommandAnswer&) { answered = true; });
  rig.run_for(hour_ms);
  ASSERT_TRUE(rig.failure);
  EXPECT_EQ(rig.failure->message, "disk full");
  EXPECT_FALSE(answered);
  EXPECT_TRUE(rig.capacity.ledger().empty());
  rig.partition->stop();
}

}  // namespace
}  // namespace understudy
