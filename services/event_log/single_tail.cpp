#include "services/event_log/single_tail.hpp"

#include <algorithm>

namespace understudy {

Result<void> SingleTail::next(
    std::size_t most, std::chrono::milliseconds wait,
    const std::function<bool(const LogRecord&)>& visit) {
  std::uint64_t last = 0;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait,
                      [this] { return over_ || durable_ >= next_; });
    if (over_) return {};
    last = std::min(durable_, next_ + most - 1);
  }
  if (last < next_) return {};
  return log_.read(next_, [&](const LogRecord& record) {
    if (!visit(record)) return Visit::stop;
    next_ = record.sequence + 1;
    return record.sequence < last ? Visit::next : Visit::stop;
  });
}

void SingleTail::reach(std::uint32_t, std::uint64_t sequence) {
  {
    const std::lock_guard lock(mutex_);
    durable_ = std::max(durable_, sequence);
  }
  changed_.notify_all();
}

void SingleTail::wake() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
}

}  // namespace understudy
