#pragma once

/// One follower of the events, as server-sent events.
///
/// It takes them from the feed and, where it is behind what the feed keeps,
/// from the log. Nothing is kept for it: its place is all it has. An event's
/// id is the place after it, so that whoever comes back, to this daemon or to
/// another one of the fleet, misses nothing.
///
/// Thread safety: `Followers` from any thread; an `EventStream` belongs to
/// one. Ownership: plane, readings and followers must outlive it.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "services/api/log_readings.hpp"
#include "services/control/control_plane.hpp"
#include "services/rendering/event_filter.hpp"

namespace understudy {

/// How many follow, and that all of them shall end.
class Followers {
 public:
  explicit Followers(std::size_t most) : most_(most) {}

  /// Takes a place; false when all are taken.
  bool enter();
  void leave() { --count_; }
  void stop() { stopping_ = true; }

  [[nodiscard]] std::size_t most() const { return most_; }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] bool stopping() const { return stopping_; }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> count_ = 0;
  std::atomic<bool> stopping_ = false;
};

/// Where a stream begins.
struct StreamStart {
  LogPlace place;
  /// What comes after this one in the feed is not before the place; 0 where
  /// that is not known.
  std::uint64_t heard = 0;
};

class EventStream {
 public:
  /// Has a place among the followers already, and gives it back.
  EventStream(ControlPlane& plane, LogReadings& readings, Followers& followers,
              EventFilter filter, StreamStart start);
  ~EventStream() { followers_.leave(); }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// What is to be sent next; empty when nothing came for half a second.
  [[nodiscard]] std::string next();
  /// What `next` returned last was the end.
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  using Steady = std::chrono::steady_clock;

  /// Stops where the feed lacks what comes next; `lacks` is true then.
  std::string from_feed(const EventFeed::Page& page, bool& lacks);
  std::string from_log();
  std::string end(const std::string& text);

  ControlPlane& plane_;
  LogReadings& readings_;
  Followers& followers_;
  const EventFilter filter_;
  LogPlace place_;
  std::uint64_t heard_;  ///< Of the feed.
  Steady::time_point last_sent_;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace understudy
