#pragma once

/// Real time, with one thread that fires timers in order.
///
/// Time is read from the monotonic clock and counted on from the start
/// instant, so it never goes back and a jump of the system's clock moves no
/// deadline; such a jump is seen at the next start of the program. With
/// `speed` it runs so many times faster than real time.
///
/// Thread safety: all calls from any thread. A timer's function runs on the
/// clock's own thread: it should hand work over and return. The destructor
/// waits for the function that is running and drops the timers that wait;
/// it must not be called from a timer's function.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "actors/core/instant.hpp"
#include "actors/ports/clock.hpp"
#include "services/clock/timers.hpp"

namespace understudy {

struct WallClockOptions {
  std::optional<Instant> start;  ///< Default: the system's time.
  std::uint32_t speed = 1;       ///< At least 1.
};

class WallClock final : public Clock {
 public:
  explicit WallClock(WallClockOptions options = {});
  ~WallClock() override;
  WallClock(const WallClock&) = delete;
  WallClock& operator=(const WallClock&) = delete;

  [[nodiscard]] Instant now() const override;
  TimerId at(Instant at, std::string key, std::function<void()> fire) override;
  void cancel(TimerId id) override;

 private:
  using Steady = std::chrono::steady_clock;

  void run();
  [[nodiscard]] Steady::time_point real_time_of(Instant at) const;

  const Steady::time_point base_;
  const Instant start_;
  const std::int64_t speed_;

  std::mutex mutex_;
  std::condition_variable changed_;
  Timers timers_;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses everything above.
};

}  // namespace understudy
