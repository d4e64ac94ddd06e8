#pragma once

/// The records of one partition, decoded, with position numbers: at once for
/// whoever reads one partition, or on a thread of its own for whoever merges
/// several.
///
/// Thread safety: `PartitionReading` belongs to one thread. Ownership: log
/// and codec must outlive it.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/record.hpp"
#include "actors/runtime/replay.hpp"

namespace understudy {

/// What came of reading a partition.
struct PartitionEnd {
  std::uint64_t next = 1;  ///< Sequence of the record that comes next.
  bool passed = false;     ///< It met a record beyond what was asked for.
  std::vector<StoppedStream> stopped;
};

/// Visits the records from a sequence on, up to `until`, whose sequence is
/// one of this partition. Streams in `end.stopped` are passed over, and those
/// that stop are added. Errors: `corrupt`, with the position.
Result<void> read_partition(const EventLog& log, std::uint32_t partition,
                            const RecordCodec& codec, std::uint64_t from,
                            ReplayUntil until, PartitionEnd& end,
                            const std::function<Visit(Record&)>& visit);

class PartitionReading {
 public:
  PartitionReading(const EventLog& log, std::uint32_t partition,
                   const RecordCodec& codec, std::uint64_t from,
                   ReplayUntil until, std::vector<StoppedStream> stopped);
  ~PartitionReading() { finish(); }
  PartitionReading(const PartitionReading&) = delete;
  PartitionReading& operator=(const PartitionReading&) = delete;

  /// Waits for the next record; null at the end, which may be an error's.
  [[nodiscard]] const Record* front();
  void pop();

  /// The latest time so far: a partition's records never go back by it.
  [[nodiscard]] Instant key() const { return key_; }
  [[nodiscard]] std::uint32_t partition() const { return partition_; }

  /// Once `front` was null.
  [[nodiscard]] const Result<void>& result() const { return result_; }
  /// Ends it, however far it is.
  const PartitionEnd& finish();
  /// Sequence after the last record that was popped.
  [[nodiscard]] std::uint64_t next() const { return next_; }

 private:
  struct Batch {
    std::vector<Record> records;
    std::size_t count = 0;
  };

  void run(std::uint64_t from, ReplayUntil until);
  /// False when nobody wants more.
  bool hand_over(Batch& batch);
  void take_batch();

  const EventLog& log_;
  const std::uint32_t partition_;
  const RecordCodec& codec_;

  // Of the one who reads.
  Batch current_;
  std::size_t at_ = 0;
  Instant key_{INT64_MIN};
  std::uint64_t next_;

  // Of the thread, until it is over.
  Result<void> result_;
  PartitionEnd end_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Batch> full_;  ///< Oldest first.
  std::vector<Batch> empty_;
  bool over_ = false;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace understudy
