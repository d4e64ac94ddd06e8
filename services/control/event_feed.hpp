#pragma once

/// The latest events of the log, rendered once for all who follow it.
///
/// One writer adds events in the order of the log; any number of readers
/// wait for those after a position. A reader that fell behind what is kept
/// reads the log instead: nothing is kept for it, so a slow or frozen reader
/// costs no memory.
///
/// Thread safety: all calls from any thread; `add` from one at a time.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace understudy {

struct FeedEvent {
  /// Grows from event to event: of a log of one partition the position's
  /// sequence, of several the number of events that came before it.
  std::uint64_t sequence = 0;
  std::string endpoint;
  std::string type;            ///< Stored name, such as `capacity-denied`.
  std::string json;            ///< One CloudEvent, in one line.
  std::uint64_t position = 0;  ///< As a position number.
};

class EventFeed {
 public:
  using Event = std::shared_ptr<const FeedEvent>;

  static constexpr std::size_t kept = 4096;

  void add(FeedEvent event);

  struct Page {
    std::vector<Event> events;
    /// The events after the position are not all kept: read the log.
    bool behind = false;
    bool closed = false;
  };

  /// Up to `limit` events after sequence `after`; waits for the first one up
  /// to `wait`.
  [[nodiscard]] Page next(std::uint64_t after, std::size_t limit,
                          std::chrono::milliseconds wait) const;

  /// Sequence of the newest event; 0 when there is none.
  [[nodiscard]] std::uint64_t newest() const;
  /// Sequence of the oldest event that is kept; 0 when there is none.
  [[nodiscard]] std::uint64_t oldest() const;

  /// Wakes all who wait; nothing comes any more.
  void close();

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::deque<Event> events_;
  std::uint64_t newest_ = 0;
  bool closed_ = false;
};

}  // namespace understudy
