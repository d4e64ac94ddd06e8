#pragma once

/// What systemd is told about the daemon; nothing happens without systemd.
///
/// Thread safety: all calls from any thread.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace understudy {

void notify_ready();
void notify_stopping();
/// One line for `systemctl status`.
void notify_status(const std::string& text);

/// Tells the watchdog, as often as it asks for it, that the daemon is alive,
/// as long as `alive` says so. Nothing when no watchdog is set.
class Watchdog {
 public:
  explicit Watchdog(std::function<bool()> alive);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void run(std::chrono::microseconds interval);

  std::function<bool()> alive_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace understudy
