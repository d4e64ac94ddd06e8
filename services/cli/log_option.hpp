#pragma once

/// The log of a subcommand: its option, opening it, and what goes wrong on
/// the way.

#include <functional>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "services/cli/context.hpp"
#include "services/cli/kafka_option.hpp"
#include "services/rendering/log_reader.hpp"
#include "services/rendering/positions.hpp"

namespace CLI {
class App;
}

namespace understudy {

struct LogOption {
  std::string where;
  KafkaOption kafka;
};

/// Adds --log, which UNDERSTUDY_LOG stands in for, and what Kafka needs.
void add_log_option(CLI::App& command, LogOption& option);

/// Adds --log for a subcommand that works on an embedded log alone.
void add_directory_option(CLI::App& command, LogOption& option);

/// The directory that a --log names: `DIR` or `embedded:DIR`. Errors:
/// `invalid_input` for any other form.
[[nodiscard]] Result<std::string> directory_of(const std::string& where);

/// Opens the log and runs `work` on it; an embedded log in a process of its
/// own when the context says so. `work` returns an exit code; its error becomes
/// one line.
int with_log(Context& context, const LogOption& option,
             const std::function<Result<int>(LogReader&)>& work);

/// One line on `err` when `until` is after the end of the log: then what is
/// shown is the end. `position` and `time` are of the last record read.
void note_end(Context& context, const LogReader& reader, ReplayUntil until,
              std::uint64_t position, Instant time);

/// One line on `err` for each stream that stopped.
void warn_of(Context& context, const std::vector<StoppedStream>& stopped);

/// `run(value)` with what `parsed` holds; its error is one of usage.
template <class T, class Run>
int with_parsed(Context& context, const Result<T>& parsed, Run&& run) {
  if (parsed) return run(parsed.value());
  context.fail(parsed.error());
  return exit_usage;
}

}  // namespace understudy
