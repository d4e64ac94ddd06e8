#pragma once

/// The timers of one object. When the group ends, none of its functions is
/// running and none is begun any more, so that they may use the object
/// freely, whatever thread the clock fires on.
///
/// Make it the object's last member. Thread safety: all calls from any
/// thread and from inside a timer's function, except the destructor, which
/// must run outside of them. Ownership: the clock must outlive the group.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "actors/core/instant.hpp"
#include "actors/ports/clock.hpp"

namespace understudy {

class TimerGroup {
 public:
  using Id = std::uint64_t;

  explicit TimerGroup(Clock& clock);
  ~TimerGroup();
  TimerGroup(const TimerGroup&) = delete;
  TimerGroup& operator=(const TimerGroup&) = delete;

  /// As `Clock::at`. Ids count from 1.
  Id at(Instant at, std::string key, std::function<void()> fire);

  /// As `Clock::cancel`. No harm when it fired or never was.
  void cancel(Id id);

 private:
  /// Shared with the timers, since a clock may have taken one that has not
  /// begun when the group ends.
  struct Shared {
    std::mutex mutex;
    std::condition_variable idle;
    std::map<Id, Clock::TimerId> waiting;
    int running = 0;
    bool closed = false;
  };

  static void run(Shared& shared, Id id, const std::function<void()>& fire);

  Clock& clock_;
  Id last_ = 0;
  std::shared_ptr<Shared> shared_;
};

}  // namespace understudy
