#pragma once

/// Reading a log for a subcommand: its option, its records, and what goes
/// wrong on the way.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/runtime/record.hpp"
#include "actors/runtime/replay.hpp"
#include "services/cli/context.hpp"
#include "services/event_log/lmdb_log.hpp"

namespace CLI {
class App;
}

namespace understudy {

struct LogOption {
  std::string where;
};

/// Adds --log, which UNDERSTUDY_LOG stands in for.
void add_log_option(CLI::App& command, LogOption& option);

/// The directory that a --log names: `DIR` or `embedded:DIR`. Errors:
/// `invalid_input` for any other form.
[[nodiscard]] Result<std::string> directory_of(const std::string& where);

/// Thread safety and ownership: as the log.
class LogReader {
 public:
  /// Errors: as `LmdbLog::open_reader`.
  static Result<LogReader> open(const std::string& directory);

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
  LogReader(std::unique_ptr<LmdbLog> log, std::unique_ptr<RecordCodec> codec)
      : log_(std::move(log)), codec_(std::move(codec)) {}

  [[nodiscard]] bool has_stopped(const StreamId& stream) const;

  std::unique_ptr<LmdbLog> log_;
  std::unique_ptr<RecordCodec> codec_;
  std::vector<StoppedStream> stopped_;
};

/// Opens the log and runs `work` on it, in a process of its own when the
/// context says so. `work` returns an exit code; its error becomes one line.
int with_log(Context& context, const LogOption& option,
             const std::function<Result<int>(LogReader&)>& work);

/// One line on `err` for each stream that stopped.
void warn_of(Context& context, const std::vector<StoppedStream>& stopped);

/// A place to stop at: `0:1234`, a time, or nothing. Errors:
/// `invalid_input`; `option` is named in the message.
[[nodiscard]] Result<ReplayUntil> parse_until(std::string_view option,
                                              const std::string& text);

/// `run(value)` with what `parsed` holds; its error is one of usage.
template <class T, class Run>
int with_parsed(Context& context, const Result<T>& parsed, Run&& run) {
  if (parsed) return run(parsed.value());
  context.fail(parsed.error());
  return exit_usage;
}

/// `0:1234` as the number after the colon; nothing for any other text.
[[nodiscard]] std::optional<std::uint64_t> parse_position(
    std::string_view text);

}  // namespace understudy
