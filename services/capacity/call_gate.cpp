#include "services/capacity/call_gate.hpp"

#include <utility>
#include <vector>

namespace understudy {

void CallGate::enter(const std::string& key, std::function<void()> start) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    Lane& lane = lanes_[key];
    if (running_ >= limits_.all || lane.running >= limits_.each) {
      lane.waiting.push_back(std::move(start));
      ++waiting_;
      return;
    }
    ++running_;
    ++lane.running;
  }
  start();
}

void CallGate::leave(const std::string& key) {
  std::function<void()> next;
  {
    const std::lock_guard lock(mutex_);
    const auto lane = lanes_.find(key);
    --running_;
    if (--lane->second.running == 0 && lane->second.waiting.empty())
      lanes_.erase(lane);
    next = take_next();
  }
  if (next) next();
}

void CallGate::close() {
  // Destroyed without the lock: whoever waits may own what owns this gate.
  std::vector<std::deque<std::function<void()>>> forgotten;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  waiting_ = 0;
  for (auto& [key, lane] : lanes_)
    forgotten.push_back(std::exchange(lane.waiting, {}));
}

/// The first call of the next key after `turn_` that may run.
std::function<void()> CallGate::take_next() {
  if (waiting_ == 0 || running_ >= limits_.all) return {};
  auto lane = lanes_.upper_bound(turn_);
  for (std::size_t looked = 0; looked < lanes_.size(); ++looked) {
    if (lane == lanes_.end()) lane = lanes_.begin();
    auto& [key, one] = *lane;
    if (!one.waiting.empty() && one.running < limits_.each) {
      auto start = std::move(one.waiting.front());
      one.waiting.pop_front();
      --waiting_;
      ++running_;
      ++one.running;
      turn_ = key;
      return start;
    }
    ++lane;
  }
  return {};
}

std::size_t CallGate::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

std::size_t CallGate::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

}  // namespace understudy
