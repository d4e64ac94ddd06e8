#include "services/clock/wall_clock.hpp"

#include <utility>

#include "actors/core/check.hpp"

namespace understudy {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

Instant system_time() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {duration_cast<microseconds>(since_epoch).count()};
}

}  // namespace

WallClock::WallClock(WallClockOptions options)
    : base_(Steady::now()),
      start_(options.start.value_or(system_time())),
      speed_(options.speed) {
  UNDERSTUDY_CHECK(speed_ >= 1);
  thread_ = std::thread([this] { run(); });
}

WallClock::~WallClock() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Instant WallClock::now() const {
  const auto real = duration_cast<microseconds>(Steady::now() - base_).count();
  return {start_.us + real * speed_};
}

// Rounded up, so that `now()` has reached `at` when a wait for it is over. A
// day at most: a far instant would overflow the clock's own unit.
WallClock::Steady::time_point WallClock::real_time_of(Instant at) const {
  constexpr std::int64_t day_us = 86'400'000'000;
  const std::int64_t today_us = now().us;
  if (at.us <= today_us) return Steady::now();
  const auto ahead =
      static_cast<std::uint64_t>(at.us) - static_cast<std::uint64_t>(today_us);
  if (ahead / static_cast<std::uint64_t>(speed_) >= day_us) {
    return Steady::now() + microseconds(day_us);
  }
  return base_ + microseconds((at.us - start_.us + speed_ - 1) / speed_);
}

Clock::TimerId WallClock::at(Instant at, std::string key,
                             std::function<void()> fire) {
  TimerId id = 0;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = at < timers_.next();
    id = timers_.add(at, std::move(key), std::move(fire));
  }
  if (first) changed_.notify_one();
  return id;
}

void WallClock::cancel(TimerId id) {
  Timers::Fire dropped;
  const std::lock_guard lock(mutex_);
  dropped = timers_.drop(id);
}

void WallClock::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const Instant due = timers_.next();
    if (due == Instant::never()) {
      changed_.wait(lock);
    } else if (due > now()) {
      changed_.wait_until(lock, real_time_of(due));
    } else {
      auto fire = timers_.take_first();
      lock.unlock();
      fire();
      fire = nullptr;
      lock.lock();
    }
  }
}

}  // namespace understudy
