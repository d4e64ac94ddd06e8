// Snapshots that are written while everything is under way, and what is left
// when that is cut short.

#include <cstring>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/runtime/snapshot_set.hpp"
#include "services/codec/frame.hpp"
#include "services/codec/rest_codec.hpp"
#include "snapshot_generated.h"
#include "tests/support/memory_log.hpp"
#include "tests/unit/runtime/recovery_script.hpp"

namespace understudy {
namespace {

using Told = std::vector<std::pair<std::uint64_t, StreamId>>;

/// What a start finds.
struct Start {
  bool from_snapshots = false;
  std::uint64_t folded = 0;
  std::uint64_t digest = 0;
  std::uint64_t sequence = 0;
  std::uint32_t epoch = 0;
  Instant time;
  Told undelivered;
};

Start start_of(const EventLog& log, bool with_snapshots = true) {
  const auto codec = make_record_codec();
  const auto rests = make_rest_codec();
  Start start;
  Fleet fleet;
  Undelivered undelivered(fleet);
  if (with_snapshots) {
    const auto found = restore_fleet(log, *codec, *rests, fleet, undelivered);
    EXPECT_TRUE(found.ok());
    start.from_snapshots = found.ok() && found.value();
  }
  const auto folded = replay(log, *codec, fleet, {}, [&](const Record& record) {
    undelivered.see(record);
  });
  EXPECT_TRUE(folded.ok()) << folded.error().message;
  if (folded.ok()) start.folded = folded.value().records;
  start.digest = fleet.digest();
  start.sequence = fleet.sequence();
  start.epoch = fleet.epoch();
  start.time = fleet.time();
  start.undelivered = undelivered.list();
  return start;
}

void expect_same(const Start& found, const Start& expected) {
  EXPECT_EQ(found.digest, expected.digest);
  EXPECT_EQ(found.sequence, expected.sequence);
  EXPECT_EQ(found.epoch, expected.epoch);
  EXPECT_EQ(found.time, expected.time);
  EXPECT_EQ(found.undelivered, expected.undelivered);
}

std::vector<Snapshot> all_of(const EventLog& log) {
  std::vector<Snapshot> all;
  EXPECT_TRUE(log.read_snapshots([&](const Snapshot& one) {
                   all.push_back(one);
                   return Visit::next;
                 })
                  .ok());
  return all;
}

SnapshotReport refresh(EventLog& log) {
  const auto done =
      refresh_snapshots(log, *make_record_codec(), *make_rest_codec());
  EXPECT_TRUE(done.ok()) << done.error().message;
  return done.ok() ? done.value() : SnapshotReport{};
}

/// A log of the whole script, made once.
const MemoryLog& whole_log() {
  static const auto* log = [] {
    auto* made = new MemoryLog;
    Rig rig(*made, options());
    const Instant origin = rig.clock.now();
    EXPECT_TRUE(rig.open().ok());
    rig.start();
    go_on(rig, origin, origin);
    rig.partition->stop();
    return made;
  }();
  return *log;
}

/// The log up to a commit, with what a refresh half way there left.
std::unique_ptr<MemoryLog> cut_log(std::size_t cut) {
  auto half = whole_log().prefix(cut / 2);
  refresh(*half);
  auto log = whole_log().prefix(cut);
  EXPECT_TRUE(log->put_snapshots(all_of(*half)).ok());
  return log;
}

TEST(Snapshots, taken_at_any_commit_they_start_what_the_whole_log_starts) {
  for (const std::size_t cut : whole_log().batch_ends()) {
    SCOPED_TRACE("cut after " + std::to_string(cut));
    const auto log = cut_log(cut);
    const Start expected = start_of(*log, false);
    expect_same(start_of(*log), expected);
    const auto report = refresh(*log);
    EXPECT_EQ(report.sequence, cut);
    EXPECT_EQ(report.folded, cut - cut / 2);
    const Start found = start_of(*log);
    EXPECT_TRUE(found.from_snapshots);
    EXPECT_EQ(found.folded, 0U);
    expect_same(found, expected);
  }
}

TEST(Snapshots, taken_under_way_the_run_goes_on_to_the_same_end) {
  const auto rests = make_rest_codec();
  const auto codec = make_record_codec();
  const auto expected = without_epoch(records_of(whole_log(), *codec));
  const Instant origin = three_zones().start();
  for (const std::size_t cut : whole_log().batch_ends()) {
    const auto log = cut_log(cut);
    refresh(*log);
    Rig again(*log, options());
    again.partition_options.snapshots = rests.get();
    ASSERT_TRUE(again.open(held_after(records_of(*log, *codec))).ok());
    ASSERT_EQ(again.partition->replayed(), 0U);
    const Instant from = again.partition->fleet().time();
    again.start();
    again.partition->sweep();
    again.partition->settle();
    go_on(again, origin, from);
    again.partition->stop();
    ASSERT_TRUE(without_epoch(records_of(*log, *codec)) == expected)
        << "cut after " << cut;
  }
}

/// Ends, as a crash would, before the n-th change of snapshots.
class CutShort final : public EventLog {
 public:
  CutShort(EventLog& log, int changes) : log_(log), left_(changes) {}

  Result<void> append(std::uint64_t first,
                      std::span<const Bytes> records) override {
    return log_.append(first, records);
  }
  Result<std::uint64_t> end() const override { return log_.end(); }
  Result<void> read(
      std::uint64_t from,
      const std::function<Visit(const LogRecord&)>& visit) const override {
    return log_.read(from, visit);
  }
  [[nodiscard]] std::uint32_t epoch() const override { return log_.epoch(); }
  Result<void> put_snapshots(std::span<const Snapshot> batch) override {
    // In the smallest steps that there can be.
    for (const Snapshot& one : batch) {
      if (--left_ < 0) return ended();
      if (auto put = log_.put_snapshots({&one, 1}); !put) return put;
    }
    return {};
  }
  Result<void> read_snapshots(
      const std::function<Visit(const Snapshot&)>& visit) const override {
    return log_.read_snapshots(visit);
  }
  Result<void> remove_snapshots(std::span<const std::string> streams) override {
    for (const std::string& one : streams) {
      if (--left_ < 0) return ended();
      if (auto removed = log_.remove_snapshots({&one, 1}); !removed)
        return removed;
    }
    return {};
  }
  Result<void> drop_snapshots() override { return log_.drop_snapshots(); }

 private:
  static Result<void> ended() {
    return Error{ErrorCode::unavailable, "cut short"};
  }
  EventLog& log_;
  int left_;
};

TEST(Snapshots, cut_short_anywhere_they_leave_a_set_that_holds) {
  const auto codec = make_record_codec();
  const auto rests = make_rest_codec();
  const auto ends = whole_log().batch_ends();
  const std::size_t first = ends[ends.size() / 3];
  const std::size_t second = ends[ends.size() / 2];
  const auto plain = whole_log().prefix(second);
  const Start expected = start_of(*plain, false);
  refresh(*plain);
  const std::size_t complete = all_of(*plain).size();
  bool finished = false;
  int cuts = 0;
  for (; !finished; ++cuts) {
    SCOPED_TRACE("before change " + std::to_string(cuts + 1));
    const auto before = whole_log().prefix(first);
    refresh(*before);
    const auto log = whole_log().prefix(second);
    ASSERT_TRUE(log->put_snapshots(all_of(*before)).ok());
    CutShort cut(*log, cuts);
    finished = refresh_snapshots(cut, *codec, *rests).ok();
    const Start found = start_of(*log);
    EXPECT_TRUE(found.from_snapshots);
    expect_same(found, expected);
    // The next one gets there, and clears away what the cut one left.
    refresh(*log);
    const Start next = start_of(*log);
    EXPECT_EQ(next.folded, 0U);
    expect_same(next, expected);
    EXPECT_EQ(all_of(*log).size(), complete);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(cuts, 15);
}

TEST(Snapshots, streams_that_are_over_leave_none) {
  const auto log = whole_log().prefix(whole_log().all().size());
  std::set<std::string> ever;
  for (const auto& record : records_of(*log, *make_record_codec()))
    ever.insert(record.stream.text);
  for (const std::size_t cut : whole_log().batch_ends()) {
    const auto until = whole_log().prefix(cut);
    ASSERT_TRUE(until->put_snapshots(all_of(*log)).ok());
    refresh(*until);
    ASSERT_TRUE(log->drop_snapshots().ok());
    ASSERT_TRUE(log->put_snapshots(all_of(*until)).ok());
  }
  const auto left = all_of(*log);
  EXPECT_LT(left.size() + 10, ever.size()) << "nothing was ever over";
  Fleet fleet;
  ASSERT_TRUE(replay(*log, *make_record_codec(), fleet).ok());
  EXPECT_EQ(left.size(), fleet.streams().size() + 1);
}

TEST(Snapshots, nothing_new_writes_nothing) {
  const auto log = whole_log().prefix(100);
  EXPECT_GT(refresh(*log).bytes, 0U);
  const auto before = all_of(*log);
  const auto again = refresh(*log);
  EXPECT_EQ(again.sequence, 100U);
  EXPECT_EQ(again.bytes, 0U);
  EXPECT_EQ(again.streams + 1, before.size());
  EXPECT_EQ(all_of(*log).size(), before.size());
  MemoryLog empty;
  EXPECT_EQ(refresh(empty).withheld, "the log is empty");
}

/// Changes one byte of a field and mends the checksum, as another build
/// would have written it.
void change(Snapshot& one, flatbuffers::voffset_t field) {
  auto* content = one.bytes.data() + codec::frame_header_size;
  const auto* table = flatbuffers::GetRoot<flatbuffers::Table>(content);
  const auto place = table->GetOptionalFieldOffset(field);
  ASSERT_NE(place, 0);
  const auto* start = reinterpret_cast<const std::byte*>(table);
  content[start - content + place] ^= std::byte{0x55};
  const std::uint64_t sum = codec::frame_checksum(one.bytes);
  std::memcpy(one.bytes.data(), &sum, sizeof sum);
}

TEST(Snapshots, of_other_rules_or_another_layout_count_as_absent) {
  for (const auto field :
       {fb::Snapshot::VT_DECIDER_VERSION, fb::Snapshot::VT_LAYOUT}) {
    const auto log = whole_log().prefix(120);
    const Start expected = start_of(*log, false);
    refresh(*log);
    auto all = all_of(*log);
    ASSERT_GT(all.size(), 4U);
    change(all[2], field);
    ASSERT_TRUE(log->put_snapshots(all).ok());
    const Start found = start_of(*log);
    EXPECT_FALSE(found.from_snapshots);
    EXPECT_EQ(found.folded, 120U);
    expect_same(found, expected);
    // The build that finds them makes its own.
    refresh(*log);
    EXPECT_TRUE(start_of(*log).from_snapshots);
  }
}

TEST(Snapshots, a_set_that_is_not_this_logs_counts_as_absent) {
  const auto longer = whole_log().prefix(150);
  refresh(*longer);
  const auto all = all_of(*longer);
  const auto shorter = whole_log().prefix(120);
  ASSERT_TRUE(shorter->put_snapshots(all).ok());
  EXPECT_FALSE(start_of(*shorter).from_snapshots);

  auto damaged = all;
  damaged.back().bytes[20] ^= std::byte{1};
  ASSERT_EQ(damaged.back().stream, name_of_place);
  const auto log = whole_log().prefix(150);
  ASSERT_TRUE(log->put_snapshots(damaged).ok());
  EXPECT_FALSE(start_of(*log).from_snapshots);

  // One stream is missing.
  ASSERT_TRUE(log->drop_snapshots().ok());
  ASSERT_TRUE(log->put_snapshots(std::span(all).subspan(1)).ok());
  EXPECT_FALSE(start_of(*log).from_snapshots);
}

}  // namespace
}  // namespace understudy
