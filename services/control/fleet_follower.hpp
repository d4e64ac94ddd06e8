#pragma once

/// Follows a log on a thread of its own and keeps what is shown of it: the
/// read model, the feed of events, and whatever else wants every record.
///
/// Thread safety: all calls from any thread, except `start` and `stop`, which
/// belong to its owner. Ownership: log, codec and observers must outlive it.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/record.hpp"
#include "services/control/event_feed.hpp"
#include "services/projection/fleet_view.hpp"

namespace understudy {

class FleetFollower {
 public:
  /// Called for every record, in order, after the view has taken it in.
  using Observer = std::function<void(const Record&, const FleetView&)>;

  FleetFollower(const EventLog& log, const RecordCodec& codec, FleetView view,
                std::vector<Observer> observers);
  ~FleetFollower();
  FleetFollower(const FleetFollower&) = delete;
  FleetFollower& operator=(const FleetFollower&) = delete;

  void start();
  void stop();

  /// All records up to `sequence` are durable.
  void reach(std::uint64_t sequence);

  /// Waits until everything up to `sequence` was seen. False when it was
  /// stopped or cannot go on.
  bool await(std::uint64_t sequence);

  [[nodiscard]] std::uint64_t seen() const;
  [[nodiscard]] std::uint64_t wanted() const;
  /// Why it cannot go on, if so.
  [[nodiscard]] std::optional<Error> failure() const;

  /// Runs `use(view)`; nothing changes meanwhile. Keep it short.
  template <class F>
  decltype(auto) with_view(F&& use) const {
    const std::shared_lock lock(view_mutex_);
    return use(view_);
  }

  [[nodiscard]] const EventFeed& feed() const { return feed_; }

 private:
  void run();
  bool read_on(std::uint64_t from, std::uint64_t to, bool recent);
  void see(const LogRecord& entry, const Record& record, bool recent);
  void fail(const Error& error);

  const EventLog& log_;
  const RecordCodec& codec_;
  const std::vector<Observer> observers_;
  EventFeed feed_;

  mutable std::shared_mutex view_mutex_;
  FleetView view_;
  Record record_;  ///< Of the thread alone; used again for its memory.

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::uint64_t wanted_ = 0;
  std::uint64_t seen_ = 0;
  std::optional<Error> failure_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace understudy
