#pragma once

/// Lets so many calls run at once, in all and for each key, and the others
/// wait their turn: keys take turns, so that one with a thousand calls does
/// not keep another from its first.
///
/// Thread safety: all calls from any thread. Ownership: keeps a waiting
/// call's function until it is started or the gate is closed.

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace understudy {

struct CallLimits {
  std::size_t all = 256;
  std::size_t each = 32;  ///< Of one key.
};

class CallGate {
 public:
  explicit CallGate(CallLimits limits) : limits_(limits) {}

  /// Runs `start` now or when it is its turn, on this thread or on that of
  /// a `leave`. Each call that was started must `leave` once.
  void enter(const std::string& key, std::function<void()> start);
  void leave(const std::string& key);
  /// Forgets what waits; nothing is started from now on.
  void close();

  [[nodiscard]] std::size_t running() const;
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Lane {
    std::size_t running = 0;
    std::deque<std::function<void()>> waiting;
  };

  std::function<void()> take_next();

  const CallLimits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, Lane> lanes_;
  std::string turn_;  ///< The key that was started last from the queue.
  std::size_t running_ = 0;
  std::size_t waiting_ = 0;
  bool closed_ = false;
};

}  // namespace understudy
