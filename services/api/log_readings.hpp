#pragma once

/// The daemon's log, open for reading, shared by all requests that go beyond
/// what is kept in memory. Only so many read at once: a reading takes time
/// and holds a state of the file that the writer cannot reuse.
///
/// Thread safety: all calls from any thread.

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

 private:
  void give_back();

  const std::string directory_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int under_way_ = 0;
  std::unique_ptr<LmdbLog> log_;  ///< Opened by the first who reads.
};

}  // namespace understudy
