#pragma once

/// The records of all partitions as they become durable, in the order of
/// their sequences within each partition.
///
/// Thread safety: `next` from one thread at a time, `reach` and `wake` from
/// any.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"

namespace understudy {

class LogTail {
 public:
  virtual ~LogTail() = default;

  /// Hands over up to `most` records that come next, and waits up to `wait`
  /// for the first of them. The position's partition and the sequence say
  /// which they are. A record that `visit` does not take comes again at the
  /// next call. Errors: as `EventLog::read`; what was taken counts.
  virtual Result<void> next(
      std::size_t most, std::chrono::milliseconds wait,
      const std::function<bool(const LogRecord&)>& visit) = 0;

  /// A hint that a partition is durable up to `sequence`.
  virtual void reach(std::uint32_t partition, std::uint64_t sequence) = 0;

  /// A `next` that waits returns at once, and so does every later one.
  virtual void wake() = 0;
};

}  // namespace understudy
