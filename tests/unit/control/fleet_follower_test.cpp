// Following a log that cannot always be read.

#include "services/control/fleet_follower.hpp"

#include <atomic>
#include <chrono>
#include <future>

#include <gtest/gtest.h>

#include "services/codec/record_codec.hpp"
#include "services/event_log/single_tail.hpp"
#include "tests/support/memory_log.hpp"
#include "tests/support/small_story.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

/// Fails once it has read so far.
class BrokenLog final : public EventLog {
 public:
  explicit BrokenLog(const EventLog& log) : log_(log) {}

  Result<void> read(
      std::uint64_t from,
      const std::function<Visit(const LogRecord&)>& visit) const override {
    bool broken = false;
    const auto read = log_.read(from, [&](const LogRecord& entry) {
      broken = entry.sequence > sound_until;
      return broken ? Visit::stop : visit(entry);
    });
    if (!broken) return read;
    ++failures;
    return Error{ErrorCode::unavailable, "the disk is away"};
  }
  Result<std::uint64_t> end() const override { return log_.end(); }
  [[nodiscard]] std::uint32_t epoch() const override { return 1; }
  Result<void> append(std::uint64_t, std::span<const Bytes>) override {
    return {};
  }
  Result<void> put_snapshots(std::span<const Snapshot>) override { return {}; }
  Result<void> read_snapshots(
      const std::function<Visit(const Snapshot&)>&) const override {
    return {};
  }
  Result<void> remove_snapshots(std::span<const std::string>) override {
    return {};
  }
  Result<void> drop_snapshots() override { return {}; }

  std::atomic<std::uint64_t> sound_until = 0;
  mutable std::atomic<int> failures = 0;

 private:
  const EventLog& log_;
};

TEST(FleetFollower, goes_on_when_the_log_can_be_read_again) {
  const auto codec = make_record_codec();
  MemoryLog log;
  std::uint64_t last = 0;
  const auto story = small_story();
  for (const Record& record : story.records()) {
    std::vector<std::byte> bytes;
    codec->encode(record, bytes);
    const Bytes one(bytes);
    ASSERT_TRUE(log.append(++last, {&one, 1}).ok());
  }
  ASSERT_GT(last, 20U);
  BrokenLog broken(log);
  broken.sound_until = 10;

  std::vector<std::uint64_t> seen;
  std::promise<std::string> stood_still;
  std::promise<void> went_on;
  std::atomic<int> told = 0;
  FollowerRetry retry;
  retry.first = milliseconds(1);
  retry.longest = milliseconds(4);
  retry.changed = [&](const std::optional<Error>& error) {
    if (error && told++ == 0) stood_still.set_value(error->message);
    if (!error) went_on.set_value();
  };
  SingleTail tail(broken);
  FleetFollower follower(tail, *codec, FleetView(),
                         {[&](const Record& record, const FleetView&) {
                           seen.push_back(record.sequence);
                         }},
                         retry);
  follower.start();
  follower.reach(0, last);
  EXPECT_EQ(stood_still.get_future().get(), "the disk is away");
  EXPECT_FALSE(follower.await(0, last));
  EXPECT_TRUE(follower.failure().has_value());
  while (broken.failures < 5)
    std::this_thread::yield();
  EXPECT_EQ(follower.seen(), 10U) << "what was read stays read";

  broken.sound_until = last;
  went_on.get_future().get();
  EXPECT_TRUE(follower.await(0, last));
  EXPECT_FALSE(follower.failure().has_value());
  EXPECT_EQ(follower.seen(), last);
  follower.stop();
  ASSERT_EQ(seen.size(), last) << "each record once";
  for (std::uint64_t i = 0; i < last; ++i)
    EXPECT_EQ(seen[i], i + 1);
}

}  // namespace
}  // namespace understudy
