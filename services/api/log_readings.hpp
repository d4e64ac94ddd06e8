#pragma once

/// The daemon's log, open for reading, shared by all requests that go beyond
/// what is kept in memory. Only so many read at once: a reading takes time
/// and holds a state of the file that the writer cannot reuse.
///
/// Thread safety: all calls from any thread.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "actors/core/result.hpp"
#include "services/event_log/lmdb_log.hpp"

namespace understudy {

class LogReadings {
 public:
  static constexpr int most = 8;

  explicit LogReadings(std::string directory)
      : directory_(std::move(directory)) {}

  /// The right to read, while it lives. Must not outlive the readings.
  class Turn {
   public:
    Turn(LogReadings& readings, const LmdbLog& log)
        : readings_(&readings), log_(&log) {}
    ~Turn() {
      if (readings_) readings_->give_back();
    }
    Turn(Turn&& other) noexcept
        : readings_(std::exchange(other.readings_, nullptr)),
          log_(other.log_) {}
    Turn& operator=(Turn&&) = delete;

    [[nodiscard]] const LmdbLog& log() const { return *log_; }

   private:
    LogReadings* readings_;
    const LmdbLog* log_;
  };

  /// Waits for a turn. Errors: `unavailable` when there was none in time,
  /// and those of `LmdbLog::open_reader`.
  [[nodiscard]] Result<Turn> begin(std::chrono::milliseconds wait);

  /// The right to read all of it into a view of its own, which takes memory
  /// as the fleet does: one at a time. False when another does so now.
  class WholeTurn {
   public:
    explicit WholeTurn(std::atomic<bool>& taken)
        : taken_(taken), had_(!taken.exchange(true)) {}
    ~WholeTurn() {
      if (had_) taken_ = false;
    }
    WholeTurn(const WholeTurn&) = delete;
    WholeTurn& operator=(const WholeTurn&) = delete;
    [[nodiscard]] bool had() const { return had_; }

   private:
    std::atomic<bool>& taken_;
    const bool had_;
  };
  [[nodiscard]] WholeTurn whole() { return WholeTurn(whole_taken_); }

 private:
  void give_back();

  const std::string directory_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int under_way_ = 0;
  std::atomic<bool> whole_taken_ = false;
  std::unique_ptr<LmdbLog> log_;  ///< Opened by the first who reads.
};

}  // namespace understudy
