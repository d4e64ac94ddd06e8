#pragma once

/// The records of a log one after the other, decoded, whoever holds the log
/// open.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/record.hpp"
#include "actors/runtime/replay.hpp"

namespace understudy {

/// Thread safety: as the log. Reading is cheap to begin: a program that
/// holds its log open makes one reader for each question.
class LogReader {
 public:
  /// Opens an embedded log for as long as the reader lives. Errors: as
  /// `LmdbLog::open_reader`.
  static Result<LogReader> open(const std::string& directory);

  /// Reads a log that somebody else owns and that outlives the reader.
  static LogReader over(const EventLog& log);

  /// Visits the records from a position on. A stream that holds what this
  /// build does not know stops there, with a word about it in `stopped()`.
  /// Errors: `corrupt`, with the position.
  Result<void> scan(std::uint64_t from,
                    const std::function<Visit(const Record&)>& visit);

  /// The record at a position. Errors: `not_found` beyond the end.
  [[nodiscard]] Result<Record> at(std::uint64_t position) const;

  [[nodiscard]] const EventLog& log() const { return *log_; }
  [[nodiscard]] const RecordCodec& codec() const { return *codec_; }
  [[nodiscard]] const std::vector<StoppedStream>& stopped() const {
    return stopped_;
  }

 private:
  LogReader(std::unique_ptr<EventLog> owned, const EventLog& log);

  [[nodiscard]] bool has_stopped(const StreamId& stream) const;

  std::unique_ptr<EventLog> owned_;  ///< Null when it is somebody else's.
  const EventLog* log_;
  std::unique_ptr<RecordCodec> codec_;
  std::vector<StoppedStream> stopped_;
};

}  // namespace understudy
