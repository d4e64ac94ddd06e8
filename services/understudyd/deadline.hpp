#pragma once

/// Ends the process with exit code 1 unless it is destroyed in time: for a
/// stop that must not hang.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace understudy {

class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds longest);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace understudy
