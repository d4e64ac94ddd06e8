#pragma once

/// One follower of the events, as server-sent events.
///
/// It takes them from the feed and, where it is behind what the feed keeps,
/// from the log. Nothing is kept for it: its position is all it has.
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

class EventStream {
 public:
  /// Has a place among the followers already, and gives it back.
  EventStream(ControlPlane& plane, LogReadings& readings, Followers& followers,
              EventFilter filter, std::uint64_t after);
  ~EventStream() { followers_.leave(); }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// What is to be sent next; empty when nothing came for half a second.
  [[nodiscard]] std::string next();
  /// What `next` returned last was the end.
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  using Steady = std::chrono::steady_clock;

  std::string from_feed(const EventFeed::Page& page);
  std::string from_log();
  std::string end(const std::string& text);

  ControlPlane& plane_;
  LogReadings& readings_;
  Followers& followers_;
  const EventFilter filter_;
  std::uint64_t after_;
  Steady::time_point last_sent_;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace understudy
