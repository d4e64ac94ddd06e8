#pragma once

/// The events of a daemon as they come, over broken connections: it connects
/// again and goes on after the last event it got, so none is missed and none
/// comes twice.
///
/// Thread safety: one thread uses it; it reads on a thread of its own. No
/// more than a bounded number of events waits to be taken: then the daemon
/// has to.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "services/client/daemon_client.hpp"
#include "services/client/sse_parser.hpp"

namespace understudy {

struct FollowedEvent {
  std::uint64_t position = 0;
  std::string json;  ///< One CloudEvent.
};

/// What came since the last look.
struct FollowerNews {
  std::vector<FollowedEvent> events;
  std::vector<std::string> notices;  ///< The connection broke, or is back.
  std::optional<Error> error;        ///< It is over.

  [[nodiscard]] bool empty() const {
    return events.empty() && notices.empty() && !error;
  }
};

class EventFollower {
 public:
  /// Whether the daemon has answered before: then it is waited for from the
  /// beginning. Otherwise it is an error when it is not there at first.
  enum class Daemon : std::uint8_t { unknown, answered };

  /// `filter` are parameters of /v1/events; begins after a position, or
  /// where they say.
  EventFollower(ServerAccess access, QueryParameters filter,
                std::optional<std::uint64_t> after,
                Daemon daemon = Daemon::unknown);
  ~EventFollower();
  EventFollower(const EventFollower&) = delete;
  EventFollower& operator=(const EventFollower&) = delete;

  /// Waits for news up to `longest`; empty when there were none.
  [[nodiscard]] FollowerNews next(std::chrono::milliseconds longest);

 private:
  void run();
  /// One connection, until it ends. False when all is over.
  bool follow_once();
  bool take(const ServerSentEvent& event);
  void lose(const std::string& why);
  void rest();

  const ServerAccess access_;
  const QueryParameters filter_;
  HttpClient http_;
  SseParser parser_;
  std::string last_id_;
  bool met_;           ///< There was a connection.
  bool lost_ = false;  ///< That it broke was told.
  std::chrono::milliseconds pause_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  FollowerNews news_;
  bool stopping_ = false;
  bool finished_ = false;
  std::thread thread_;
};

}  // namespace understudy
