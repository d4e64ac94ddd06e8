#include "services/api/log_readings.hpp"

namespace understudy {

Result<LogReadings::Turn> LogReadings::begin(std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, wait, [this] { return under_way_ < most; })) {
    return Error{ErrorCode::unavailable,
                 std::to_string(most) + " others read the log now"};
  }
  if (logs_.empty()) {
    auto opened = open_();
    if (!opened) return opened.error();
    logs_ = std::move(opened).value();
  }
  ++under_way_;
  return Turn(*this, logs_);
}

void LogReadings::give_back() {
  {
    const std::lock_guard lock(mutex_);
    --under_way_;
  }
  changed_.notify_one();
}

}  // namespace understudy
