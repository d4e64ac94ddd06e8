#pragma once

/// The daemon's log, open for reading, shared by all requests that go beyond
/// what is kept in memory. Only so many read at once: a reading takes time
/// and holds a state of the file that the writer cannot reuse.
///
/// Thread safety: all calls from any thread.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

#include "actors/core/result.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy {

class LogReadings {
 public:
  static constexpr int most = 8;

  using Open = std::function<Result<LogReader::Logs>()>;

  explicit LogReadings(Open open) : open_(std::move(open)) {}

  /// The right to read, while it lives. Must not outlive the readings.
  class Turn {
   public:
    Turn(LogReadings& readings, const LogReader::Logs& logs)
        : readings_(&readings), logs_(&logs) {}
    ~Turn() {
      if (readings_) readings_->give_back();
    }
    Turn(Turn&& other) noexcept
        : readings_(std::exchange(other.readings_, nullptr)),
          logs_(other.logs_) {}
    Turn& operator=(Turn&&) = delete;

    /// Must not outlive the turn.
    [[nodiscard]] LogReader reader() const { return LogReader::over(*logs_); }

   private:
    LogReadings* readings_;
    const LogReader::Logs* logs_;
  };

  /// Waits for a turn. Errors: `unavailable` when there was none in time,
  /// and those of opening the log.
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

  const Open open_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int under_way_ = 0;
  std::atomic<bool> whole_taken_ = false;
  LogReader::Logs logs_;  ///< Opened by the first who reads.
};

}  // namespace understudy
