#include "services/event_log/gate.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

namespace understudy::lmdb {
namespace {

/// The gates that this thread is inside of, once per entrance.
thread_local std::vector<const Gate*> entered;

}  // namespace

void Gate::enter() {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [this] { return !changing_; });
  ++inside_;
  entered.push_back(this);
}

void Gate::leave() {
  const auto own = std::find(entered.rbegin(), entered.rend(), this);
  if (own != entered.rend()) entered.erase(std::next(own).base());
  const std::scoped_lock lock(mutex_);
  if (--inside_ == 0) moved_.notify_all();
}

int Gate::alone(const std::function<int()>& change) {
  if (std::find(entered.begin(), entered.end(), this) != entered.end()) {
    return EDEADLK;
  }
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [this] { return inside_ == 0 && !changing_; });
  changing_ = true;
  lock.unlock();
  const int outcome = change();
  lock.lock();
  changing_ = false;
  moved_.notify_all();
  return outcome;
}

}  // namespace understudy::lmdb
