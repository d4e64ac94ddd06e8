#include "services/understudyd/notify.hpp"

#include <cstdint>
#include <utility>

#include <systemd/sd-daemon.h>

namespace understudy {

void notify_ready() { ::sd_notify(0, "READY=1"); }

void notify_stopping() { ::sd_notify(0, "STOPPING=1"); }

void notify_status(const std::string& text) {
  std::string line = "STATUS=" + text;
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  ::sd_notify(0, line.c_str());
}

Watchdog::Watchdog(std::function<bool()> alive) : alive_(std::move(alive)) {
  std::uint64_t limit_us = 0;
  if (::sd_watchdog_enabled(0, &limit_us) <= 0) return;
  thread_ = std::thread(
      [this, limit_us] { run(std::chrono::microseconds(limit_us / 3)); });
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::run(std::chrono::microseconds interval) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (alive_()) ::sd_notify(0, "WATCHDOG=1");
    lock.lock();
    changed_.wait_for(lock, interval, [this] { return stopping_; });
  }
}

}  // namespace understudy
