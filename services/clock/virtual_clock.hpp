#pragma once

/// Time that stands still while there is work and moves only when its driver
/// says so, from timer to timer: the same timers give the same run.
///
/// The driver's loop is: do all work there is, then `fire_next`, again and
/// again. Thread safety: one thread drives, and everything that the timers
/// call runs on it.

#include <cstddef>
#include <functional>
#include <string>

#include "actors/core/instant.hpp"
#include "actors/ports/clock.hpp"
#include "services/clock/timers.hpp"

namespace understudy {

class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start) : now_(start) {}

  [[nodiscard]] Instant now() const override { return now_; }
  TimerId at(Instant at, std::string key, std::function<void()> fire) override;
  void cancel(TimerId id) override;

  /// When the earliest timer is due; never when there is none. Not before
  /// `now`.
  [[nodiscard]] Instant next() const;

  /// Moves time to the earliest timer and fires that one, unless it is due
  /// after `limit`: then nothing happens and the answer is false. A timer at
  /// `Instant::never()` does not fire.
  bool fire_next(Instant limit = Instant::never());

  /// Moves time on without firing. REQUIRES: no timer is due before `to`,
  /// and `to` is not in the past.
  void advance_to(Instant to);

  [[nodiscard]] std::size_t waiting() const { return timers_.size(); }

 private:
  Instant now_;
  Timers timers_;
};

}  // namespace understudy
