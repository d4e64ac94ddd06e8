#pragma once

/// The records of a log one after the other, decoded, whoever holds the log
/// open.
///
/// A log is one partition or several. Records of several come in the order
/// of their times, and at one time in the order of their partitions; those of
/// one partition always come in their own order. Whatever is handed on knows
/// position numbers: see services/projection/position_number.hpp.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/record.hpp"
#include "actors/runtime/replay.hpp"
#include "services/rendering/log_place.hpp"
#include "services/rendering/partition_reading.hpp"

namespace understudy {

/// Thread safety: as the log. Reading is cheap to begin: a program that
/// holds its log open makes one reader for each question.
class LogReader {
 public:
  using Visitor = std::function<Visit(const Record&)>;
  /// One for each partition, in their order; at least one.
  using Logs = std::vector<std::unique_ptr<EventLog>>;

  /// Opens an embedded log for as long as the reader lives. Errors: as
  /// `LmdbLog::open_reader`.
  static Result<LogReader> open(const std::string& directory);

  static LogReader own(Logs logs);

  /// Reads a log that somebody else owns and that outlives the reader.
  static LogReader over(const EventLog& log);
  static LogReader over(const Logs& logs);

  /// Visits the records from a position on; of other partitions, those not
  /// before it in time. A stream that holds what this build does not know
  /// stops there, with a word about it in `stopped()`. Errors: `corrupt`,
  /// with the position.
  Result<void> scan(std::uint64_t from, const Visitor& visit);

  /// Visits the records from a place on, up to `until`: of the partition
  /// that a position is in up to that record, of the others up to its time.
  /// `place` is then where reading ended.
  Result<void> scan(LogPlace& place, ReplayUntil until, const Visitor& visit);

  /// Visits a record and what follows it in its partition.
  Result<void> scan_partition(std::uint64_t from, const Visitor& visit);

  /// The record at a position. Errors: `not_found` beyond the end.
  [[nodiscard]] Result<Record> at(std::uint64_t position) const;

  [[nodiscard]] LogPlace begin() const { return LogPlace::begin(logs_.size()); }
  /// Where everything durable was read.
  [[nodiscard]] Result<LogPlace> end() const;
  /// So that the record at `position` comes next, or all after the end where
  /// there is none; 0 is the begin.
  [[nodiscard]] Result<LogPlace> place_of(std::uint64_t position) const;
  /// Before the first record that is not before `time`, where times go back
  /// by as little as two actors need that decide at once.
  [[nodiscard]] Result<LogPlace> place_at(Instant time) const;
  /// What `until` means for each partition, with sequences.
  [[nodiscard]] Result<std::vector<ReplayUntil>> ends_of(
      ReplayUntil until) const;

  /// Whether the last scan met a record beyond its `until`.
  [[nodiscard]] bool passed() const { return passed_; }

  /// Whether looking a record up costs next to nothing.
  [[nodiscard]] bool reads_in_place() const;

  [[nodiscard]] std::uint32_t partitions() const {
    return static_cast<std::uint32_t>(logs_.size());
  }
  [[nodiscard]] const EventLog& log(std::uint32_t partition = 0) const {
    return *logs_.at(partition);
  }
  [[nodiscard]] const RecordCodec& codec() const { return *codec_; }
  [[nodiscard]] const std::vector<StoppedStream>& stopped() const {
    return stopped_;
  }

 private:
  LogReader(Logs owned, std::vector<const EventLog*> logs);

  Result<void> scan_one(std::uint32_t partition, std::uint64_t& next,
                        ReplayUntil until, const Visitor& visit);
  Result<void> scan_all(LogPlace& place, std::span<const ReplayUntil> ends,
                        const Visitor& visit);
  void note(const PartitionEnd& end);
  [[nodiscard]] Result<std::uint64_t> first_at(std::uint32_t partition,
                                               Instant time) const;
  [[nodiscard]] Error no_record(Position position) const;

  Logs owned_;  ///< Empty when they are somebody else's.
  std::vector<const EventLog*> logs_;
  std::unique_ptr<RecordCodec> codec_;
  std::vector<StoppedStream> stopped_;
  bool passed_ = false;
};

}  // namespace understudy
