#pragma once

/// Ends requests whose client stopped in the middle of a body: of one that
/// HAProxy holds whole it sees to that itself, but of a larger one it gives
/// what it has to an instance, and from then on waits for the instance alone.
/// So the gateway looks which requests wait for their client, and ends those
/// that do so for too long: the connection is closed and the place is free.
///
/// Thread safety: one thread.

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/result.hpp"
#include "services/gateway/runtime_socket.hpp"

namespace understudy::gateway {

/// A request that an instance has a part of.
struct UnderWay {
  std::string session;  ///< As commands name it.
  std::string client;

  /// The name of a session is used again.
  [[nodiscard]] std::string key() const { return session + ' ' + client; }
};

/// Of the list that `show sess` is.
[[nodiscard]] std::vector<UnderWay> parse_sessions(std::string_view text);

/// How much of its body came, of what `show sess ID` tells of one or more;
/// only those that wait for more of it from their client.
[[nodiscard]] std::map<std::string, std::uint64_t> parse_uploads(
    std::string_view text);

class StalledUploads {
 public:
  using Clock = std::chrono::steady_clock;

  explicit StalledUploads(std::chrono::milliseconds limit);

  /// Looks when it is time to; so one that stalls has a quarter of the limit
  /// more at most. Returns how many it ended. Errors: `unavailable`.
  Result<std::size_t> look(const RuntimeSocket& socket, Clock::time_point now);

 private:
  struct Upload {
    std::uint64_t bytes = 0;
    Clock::time_point since;
  };
  [[nodiscard]] static Result<std::map<std::string, std::uint64_t>> ask_about(
      const RuntimeSocket& socket, const std::vector<UnderWay>& requests);

  const Clock::duration limit_;
  const Clock::duration interval_;
  Clock::time_point next_;
  std::set<std::string> known_;  ///< Those under way at the last look.
  std::map<std::string, Upload> uploads_;
};

}  // namespace understudy::gateway
