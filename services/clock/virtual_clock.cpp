#include "services/clock/virtual_clock.hpp"

#include <algorithm>
#include <utility>

#include "actors/core/check.hpp"

namespace understudy {

// What is already due is due now: time does not go back, and timers that
// become due together keep the order of their keys.
Clock::TimerId VirtualClock::at(Instant at, std::string key,
                                std::function<void()> fire) {
  return timers_.add(std::max(at, now_), std::move(key), std::move(fire));
}

void VirtualClock::cancel(TimerId id) { timers_.drop(id); }

Instant VirtualClock::next() const { return timers_.next(); }

bool VirtualClock::fire_next(Instant limit) {
  const Instant due = timers_.next();
  if (due > limit || due == Instant::never()) return false;
  now_ = due;
  const auto fire = timers_.take_first();
  fire();
  return true;
}

void VirtualClock::advance_to(Instant to) {
  UNDERSTUDY_CHECK(to >= now_ && timers_.next() >= to);
  now_ = to;
}

}  // namespace understudy
