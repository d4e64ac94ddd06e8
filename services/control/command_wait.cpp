#include "services/control/command_wait.hpp"

namespace understudy {

void AwaitedAnswer::answer(const CommandAnswer& answer,
                           std::vector<AnyEvent> events) {
  const std::lock_guard lock(mutex_);
  outcome_.handling = Handling::answered;
  outcome_.answer = answer;
  outcome_.events = std::move(events);
  over_ = true;
  changed_.notify_all();
}

void AwaitedAnswer::drop() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  changed_.notify_all();
}

Outcome AwaitedAnswer::wait(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [this] { return over_; });
  return outcome_;
}

}  // namespace understudy
