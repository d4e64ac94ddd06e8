#include "services/clock/timer_group.hpp"

#include <utility>

namespace understudy {

TimerGroup::TimerGroup(Clock& clock)
    : clock_(clock), shared_(std::make_shared<Shared>()) {}

TimerGroup::~TimerGroup() {
  std::map<Id, Clock::TimerId> waiting;
  {
    std::unique_lock lock(shared_->mutex);
    shared_->closed = true;
    waiting.swap(shared_->waiting);
    shared_->idle.wait(lock, [&] { return shared_->running == 0; });
  }
  for (const auto& [id, timer] : waiting)
    clock_.cancel(timer);
}

TimerGroup::Id TimerGroup::at(Instant at, std::string key,
                              std::function<void()> fire) {
  // Locked around the clock's call: a timer that fires at once on another
  // thread waits here until its id is known.
  const std::lock_guard lock(shared_->mutex);
  const Id id = ++last_;
  shared_->waiting[id] = clock_.at(
      at, std::move(key), [shared = shared_, id, fire = std::move(fire)] {
        run(*shared, id, fire);
      });
  return id;
}

void TimerGroup::cancel(Id id) {
  Clock::TimerId timer = 0;
  {
    const std::lock_guard lock(shared_->mutex);
    const auto found = shared_->waiting.find(id);
    if (found == shared_->waiting.end()) return;
    timer = found->second;
    shared_->waiting.erase(found);
  }
  clock_.cancel(timer);
}

void TimerGroup::run(Shared& shared, Id id, const std::function<void()>& fire) {
  {
    const std::lock_guard lock(shared.mutex);
    // Cancelled or closed between the clock's decision and this one.
    if (shared.waiting.erase(id) == 0) return;
    ++shared.running;
  }
  fire();
  const std::lock_guard lock(shared.mutex);
  --shared.running;
  if (shared.running == 0) shared.idle.notify_all();
}

}  // namespace understudy
