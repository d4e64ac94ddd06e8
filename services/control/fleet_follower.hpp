#pragma once

/// Follows a log on a thread of its own and keeps what is shown of it: the
/// read model, the feed of events, and whatever else wants every record. A
/// reading that fails is tried again until it works.
///
/// What it hands on knows positions, not sequences: see
/// services/projection/position_number.hpp.
///
/// Thread safety: all calls from any thread, except `start` and `stop`, which
/// belong to its owner. Ownership: tail, codec and observers must outlive it.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/record.hpp"
#include "services/control/event_feed.hpp"
#include "services/event_log/log_tail.hpp"
#include "services/projection/fleet_view.hpp"

namespace understudy {

/// What a follower does about a log that cannot be read.
struct FollowerRetry {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds longest{10'000};
  /// Called from its thread when it stands still, with the error, and when it
  /// goes on, with nothing. Must not call `stop`.
  std::function<void(const std::optional<Error>&)> changed = {};
};

class FleetFollower {
 public:
  /// Called for every record, in order, after the view has taken it in.
  using Observer = std::function<void(const Record&, const FleetView&)>;

  FleetFollower(LogTail& tail, const RecordCodec& codec, FleetView view,
                std::vector<Observer> observers, FollowerRetry retry = {},
                std::uint32_t partitions = 1);
  ~FleetFollower();
  FleetFollower(const FleetFollower&) = delete;
  FleetFollower& operator=(const FleetFollower&) = delete;

  void start();
  void stop();

  /// All records of a partition up to `sequence` are durable.
  void reach(std::uint32_t partition, std::uint64_t sequence);

  /// Waits until everything up to `sequence` was seen. False when it was
  /// stopped or the log cannot be read.
  bool await(std::uint32_t partition, std::uint64_t sequence);
  /// Whether the record with this position number was seen; waits for it.
  bool await_number(std::uint64_t number, std::chrono::milliseconds wait) const;

  /// Records seen, and records known to be durable, of all partitions.
  [[nodiscard]] std::uint64_t seen() const;
  [[nodiscard]] std::uint64_t wanted() const;
  /// Last sequence known to be durable in a partition; 0: none.
  [[nodiscard]] std::uint64_t durable(std::uint32_t partition) const;
  /// Sequence of the last record that was seen of a partition; 0: none.
  [[nodiscard]] std::uint64_t seen_of(std::uint32_t partition) const;
  /// Why the log cannot be read just now, if so.
  [[nodiscard]] std::optional<Error> failure() const;

  /// Runs `use(view)`; nothing changes meanwhile. Keep it short.
  template <class F>
  decltype(auto) with_view(F&& use) const {
    const std::shared_lock lock(view_mutex_);
    return use(view_);
  }

  [[nodiscard]] const EventFeed& feed() const { return feed_; }

 private:
  struct Reached {
    std::uint64_t wanted = 0;
    std::uint64_t seen = 0;
  };

  void run();
  void tell(const std::optional<Error>& failure);
  bool see(const LogRecord& entry);
  void show(const LogRecord& entry, bool recent);
  void advance(const LogRecord& entry);
  /// Whether the feed would keep what comes next: rendering a long history
  /// that it would not keep is wasted.
  [[nodiscard]] bool recent(const LogRecord& entry) const;

  LogTail& tail_;
  const RecordCodec& codec_;
  const std::vector<Observer> observers_;
  const FollowerRetry retry_;
  const std::uint32_t partitions_;
  EventFeed feed_;

  mutable std::shared_mutex view_mutex_;
  FleetView view_;
  Record record_;  ///< Of the thread alone; used again for its memory.
  std::uint64_t arrivals_ = 0;  ///< Of the thread alone.
  std::optional<Error> wrong_;  ///< Of the thread alone.

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<std::uint32_t, Reached> reached_;
  std::optional<Error> failure_;
  bool stopping_ = false;
  std::thread thread_;
};

/// A view that shows of what is over as much as a daemon keeps; the log has
/// all of it.
[[nodiscard]] FleetView bounded_view();

}  // namespace understudy
