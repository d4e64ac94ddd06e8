#include "services/understudyd/deadline.hpp"

#include <unistd.h>

#include "services/logging/logging.hpp"

namespace understudy {

Deadline::Deadline(std::chrono::milliseconds longest)
    : thread_([this, longest] {
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, longest, [this] { return over_; })) return;
        log_line(LogLevel::error,
                 "not stopped in time; the log holds all that was answered");
        ::_exit(1);
      }) {}

Deadline::~Deadline() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

}  // namespace understudy
