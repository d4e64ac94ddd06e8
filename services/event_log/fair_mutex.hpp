#pragma once

/// A mutex that is given in the order in which it was asked for.
///
/// A thread that takes it again and again, as one that keeps snapshots does,
/// would otherwise keep an append waiting for as long as it likes.
/// Thread safety: any thread. Meets std::mutex's requirements for lock guards.

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace understudy::lmdb {

class FairMutex {
 public:
  void lock() {
    std::unique_lock inside(mutex_);
    const auto mine = next_++;
    moved_.wait(inside, [&] { return serving_ == mine; });
  }

  void unlock() {
    {
      const std::scoped_lock inside(mutex_);
      ++serving_;
    }
    moved_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::uint64_t next_ = 0;
  std::uint64_t serving_ = 0;
};

}  // namespace understudy::lmdb
