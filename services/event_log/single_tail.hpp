#pragma once

/// The tail of a log of one partition, whose writer says what is durable.

#include <condition_variable>
#include <mutex>

#include "services/event_log/log_tail.hpp"

namespace understudy {

/// Ownership: the log must outlive it.
class SingleTail final : public LogTail {
 public:
  explicit SingleTail(const EventLog& log) : log_(log) {}

  Result<void> next(
      std::size_t most, std::chrono::milliseconds wait,
      const std::function<bool(const LogRecord&)>& visit) override;
  void reach(std::uint32_t partition, std::uint64_t sequence) override;
  void wake() override;

 private:
  const EventLog& log_;
  std::uint64_t next_ = 1;  ///< Of the thread that reads.

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t durable_ = 0;
  bool over_ = false;
};

}  // namespace understudy
