#pragma once

/// Time as a service: what the runtime and the services wait on. Deciders
/// never see it.
///
/// Two kinds exist: wall time, and virtual time that stands still while there
/// is work and jumps to the next timer when there is none.

#include <cstdint>
#include <functional>
#include <string>

#include "actors/core/instant.hpp"

namespace understudy {

/// Thread safety: `now`, `at` and `cancel` may be called from any thread and
/// from inside a timer's function. Ownership: a timer owns its function until
/// it fired or was cancelled.
class Clock {
 public:
  using TimerId = std::uint64_t;

  virtual ~Clock() = default;

  [[nodiscard]] virtual Instant now() const = 0;

  /// Calls `fire` once at `at`, or at once when that has passed; never from
  /// inside this call. Timers of one instant fire in the order of their
  /// `key`, then in the order in which they were set, so that a run can be
  /// repeated and resumed exactly.
  virtual TimerId at(Instant at, std::string key,
                     std::function<void()> fire) = 0;

  /// After it returns, the timer's function is not begun any more.
  virtual void cancel(TimerId id) = 0;
};

}  // namespace understudy
