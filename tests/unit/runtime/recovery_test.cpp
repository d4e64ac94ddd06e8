// A crash after any commit: what is recovered goes on to the very same end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/runtime/verify.hpp"
#include "services/codec/rest_codec.hpp"
#include "tests/support/memory_log.hpp"
#include "tests/support/rig.hpp"
#include "tests/unit/runtime/recovery_script.hpp"

namespace understudy {
namespace {

TEST(Recovery, goes_on_to_the_same_end_after_a_crash_at_any_commit) {
  MemoryLog whole;
  Rig first(whole, options());
  const Instant origin = first.clock.now();
  ASSERT_TRUE(first.open().ok());
  first.start();
  go_on(first, origin, origin);
  first.partition->stop();
  const auto expected = without_epoch(records_of(whole, *first.codec));
  ASSERT_GT(expected.size(), 150U);

  for (const std::size_t cut : whole.batch_ends()) {
    const auto log = whole.prefix(cut);
    const auto before = records_of(*log, *first.codec);
    Rig again(*log, options());
    ASSERT_TRUE(again.open(held_after(before)).ok());
    const Instant from = again.partition->fleet().time();
    again.start();
    again.partition->sweep();
    again.partition->settle();
    go_on(again, origin, from);
    again.partition->stop();
    const auto found = without_epoch(records_of(*log, *again.codec));
    ASSERT_EQ(found.size(), expected.size()) << "cut after " << cut;
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_TRUE(found[i] == expected[i])
          << "cut after " << cut << ", record " << i + 1 << " of stream "
          << found[i].stream.text << ": " << event_name(found[i].event)
          << ", expected " << expected[i].stream.text << ": "
          << event_name(expected[i].event);
    }
    ASSERT_EQ(again.partition->fleet().digest(),
              first.partition->fleet().digest());
  }
}

TEST(Recovery, snapshots_change_nothing_but_the_time_it_takes) {
  const auto rests = make_rest_codec();
  MemoryLog whole;
  Rig first(whole, options());
  const Instant origin = first.clock.now();
  ASSERT_TRUE(first.open().ok());
  first.start();
  go_on(first, origin, origin);
  first.partition->stop();

  for (const std::size_t cut : whole.batch_ends()) {
    const auto log = whole.prefix(cut);
    Rig stopped(*log, options());
    stopped.partition_options.snapshots = rests.get();
    ASSERT_TRUE(
        stopped.open(held_after(records_of(*log, *stopped.codec))).ok());
    stopped.start();
    stopped.partition->stop();  // Writes the snapshot.

    Fleet folded;
    ASSERT_TRUE(replay(*log, *stopped.codec, folded).ok());
    Fleet restored;
    Undelivered waiting(restored);
    const auto found =
        restore_fleet(*log, *stopped.codec, *rests, restored, waiting);
    ASSERT_TRUE(found.ok());
    ASSERT_TRUE(found.value());
    ASSERT_TRUE(replay(*log, *stopped.codec, restored).ok());
    ASSERT_EQ(restored.digest(), folded.digest()) << "cut after " << cut;
    ASSERT_EQ(restored.sequence(), folded.sequence());
    ASSERT_TRUE(log->drop_snapshots().ok());
    Fleet without;
    ASSERT_FALSE(
        restore_fleet(*log, *stopped.codec, *rests, without, waiting).value());
  }
}

TEST(Recovery, a_snapshot_that_does_not_hold_counts_as_absent) {
  const auto rests = make_rest_codec();
  MemoryLog log;
  Rig rig(log);
  rig.partition_options.snapshots = rests.get();
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  rig.submit(chat, endpoint::CreateEndpoint{"c1", three_pools("chat", 1)});
  rig.partition->stop();
  std::vector<Snapshot> damaged;
  ASSERT_TRUE(log.read_snapshots([&](const Snapshot& one) {
                   damaged.push_back(one);
                   return Visit::next;
                 })
                  .ok());
  ASSERT_GE(damaged.size(), 4U);
  damaged[2].bytes[damaged[2].bytes.size() / 2] ^= std::byte{1};
  ASSERT_TRUE(log.put_snapshots(damaged).ok());
  Fleet fleet;
  Undelivered waiting(fleet);
  const auto found = restore_fleet(log, *rig.codec, *rests, fleet, waiting);
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found.value());
  EXPECT_EQ(fleet.sequence(), 0U);
}

TEST(Recovery, what_the_provider_lost_meanwhile_is_replaced) {
  MemoryLog log;
  Rig rig(log);
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  rig.submit(chat, endpoint::CreateEndpoint{"c1", three_pools("chat", 2)});
  rig.run_for(hour_ms);
  rig.partition->stop();

  const auto before = records_of(log, *rig.codec);
  auto held = held_after(before);
  ASSERT_EQ(held.size(), 2U);
  held.pop_back();  // Gone while nobody looked.
  held.push_back({"understudy",
                  "chat/primary/third/9-1",
                  0,
                  {"gpu", "zone-c", Market::spot},
                  before.back().time});
  Rig again(log);
  ASSERT_TRUE(again.open(held).ok());
  again.start();
  again.partition->sweep();
  again.partition->settle();
  again.run_for(60'000);
  // One list may be stale: nothing is lost by it alone.
  for (const auto& record : records_of(log, *again.codec))
    EXPECT_FALSE(std::holds_alternative<instance::InstanceLost>(record.event));
  again.partition->sweep();
  again.partition->settle();
  again.run_for(hour_ms);
  again.partition->stop();

  std::size_t lost = 0;
  std::size_t returned = 0;
  const auto after = records_of(log, *again.codec);
  for (const auto& record : after) {
    if (std::holds_alternative<instance::InstanceLost>(record.event)) ++lost;
    if (std::holds_alternative<pool::OrphanReturned>(record.event)) {
      ++returned;
    }
  }
  EXPECT_EQ(lost, 1U);
  EXPECT_EQ(returned, 1U);
  EXPECT_EQ(held_after(after).size(), 2U);
  const auto verified = verify(log, *again.codec);
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified.value().ok());
}

TEST(Recovery, what_changes_nothing_at_its_receiver_does_not_wait_there) {
  MemoryLog log;
  Rig rig(log);
  ASSERT_TRUE(rig.open().ok());
  rig.start();
  const auto waiting = [&] {
    Fleet fleet;
    Undelivered told(fleet);
    const auto seen = replay(log, *rig.codec, fleet, {},
                             [&](const Record& record) { told.see(record); });
    EXPECT_TRUE(seen.ok());
    return told.list().size();
  };
  EndpointSpec spec = three_pools("chat", 1);
  rig.submit(chat, endpoint::CreateEndpoint{"c1", spec});
  rig.run_for(hour_ms);
  EXPECT_EQ(waiting(), 0U);
  // Only one of its pools is another afterwards.
  spec.variants[0].pools[2].zones = {"zone-x"};
  rig.submit(chat, endpoint::UpdateEndpoint{"c2", spec});
  rig.run_for(hour_ms);
  EXPECT_EQ(waiting(), 0U);
  rig.submit(chat, endpoint::DeleteEndpoint{"c3"});
  rig.run_for(hour_ms);
  EXPECT_EQ(waiting(), 0U);
  rig.partition->stop();
}

}  // namespace
}  // namespace understudy
