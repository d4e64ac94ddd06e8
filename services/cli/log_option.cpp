#include "services/cli/log_option.hpp"

#include <ostream>
#include <utility>

#include <CLI/CLI.hpp>

#include "services/codec/record_peek.hpp"
#include "services/config/log_address.hpp"
#include "services/event_log/guarded.hpp"
#include "services/event_log/kafka_log.hpp"
#include "services/projection/position_number.hpp"
#include "services/rendering/output.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

int code_of_open(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_input:
      return exit_usage;
    case ErrorCode::not_found:
    case ErrorCode::unavailable:
      return exit_unreachable;
    default:
      return exit_refused;
  }
}

using Work = std::function<Result<int>(LogReader&)>;

int work_on(Context& context, LogReader& reader, const Work& work) {
  const auto done = work(reader);
  warn_of(context, reader.stopped());
  return done ? done.value() : context.fail(done.error());
}

int open_and_work(Context& context, const std::string& directory,
                  const Work& work) {
  auto reader = LogReader::open(directory);
  if (!reader) {
    context.fail(reader.error());
    return code_of_open(reader.error());
  }
  return work_on(context, reader.value(), work);
}

/// What a record says of itself is read quicker than its headers.
std::optional<kafka::Peeked> peek(Bytes bytes) {
  const auto place = peek_record(bytes);
  if (!place) return std::nullopt;
  return kafka::Peeked{place->sequence, place->epoch};
}

int work_on_kafka(Context& context, const LogOption& option, const Work& work) {
  const auto settings = kafka_settings_of(option.where, option.kafka);
  if (!settings) {
    context.fail(settings.error());
    return exit_usage;
  }
  auto logs = KafkaLog::open_readers(settings.value(), peek);
  if (!logs) {
    context.fail(logs.error());
    return code_of_open(logs.error());
  }
  auto reader = LogReader::own(std::move(logs).value());
  bool lost = false;
  const int code = work_on(context, reader, [&](LogReader& opened) {
    auto done = work(opened);
    lost = !done && done.error().code == ErrorCode::unavailable;
    return done;
  });
  return lost ? exit_unreachable : code;
}

constexpr const char* all_forms = "DIR, embedded:DIR or kafka:HOST:PORT,...";

/// One line for a --log that cannot be used.
Error not_usable(const std::string& where, const Error& error,
                 std::string_view accepted) {
  const std::string what =
      where.empty() ? "no log named: give --log or set UNDERSTUDY_LOG"
                    : "--log " + error.message;
  return {ErrorCode::invalid_input,
          what + "; accepted: " + std::string(accepted)};
}

}  // namespace

Result<std::string> directory_of(const std::string& where) {
  auto directory = embedded_directory(where);
  if (directory) return directory;
  return not_usable(where, directory.error(), log_address_forms);
}

void add_log_option(CLI::App& command, LogOption& option) {
  command
      .add_option("--log", option.where,
                  "The log to read: DIR, embedded:DIR or kafka:HOST:PORT,...")
      ->envname("UNDERSTUDY_LOG")
      ->type_name("DIR");
  add_kafka_options(command, option.kafka);
}

void add_directory_option(CLI::App& command, LogOption& option) {
  command.add_option("--log", option.where, "The log: DIR or embedded:DIR")
      ->envname("UNDERSTUDY_LOG")
      ->type_name("DIR");
}

int with_log(Context& context, const LogOption& option,
             const std::function<Result<int>(LogReader&)>& work) {
  const auto address = parse_log_address(option.where);
  if (!address) {
    context.fail(not_usable(option.where, address.error(), all_forms));
    return exit_usage;
  }
  if (address.value().kind == LogKind::kafka)
    return work_on_kafka(context, option, work);
  const std::string& directory = address.value().rest;
  if (!context.guard) return open_and_work(context, directory, work);
  const auto answer =
      run_guarded("log " + directory, [&]() -> Result<std::string> {
        const int code = open_and_work(context, directory, work);
        return std::to_string(context.finish_output() ? code : exit_refused);
      });
  if (!answer) return context.fail(answer.error());
  return static_cast<int>(
      parse_number(answer.value(), 255).value_or(exit_refused));
}

void note_end(Context& context, const LogReader& reader, ReplayUntil until,
              std::uint64_t position, Instant time) {
  if (reader.passed()) return;
  const bool by_position = until.sequence != UINT64_MAX;
  // Positions of one partition alone can be compared.
  if (reader.partitions() > 1 && by_position) {
    const Position wanted = position_at(until.sequence);
    const auto end = reader.log(wanted.partition).end();
    if (!end || wanted.offset < end.value()) return;
  } else {
    const auto end = reader.log().end();
    if (reader.partitions() == 1 && (!end || position + 1 < end.value()))
      return;
    if (!is_beyond(until, position, time)) return;
  }
  context.err << "note: the log ends at " << to_string(time) << ", position "
              << position_text(position) << "; showing that\n";
}

void warn_of(Context& context, const std::vector<StoppedStream>& stopped) {
  for (const StoppedStream& one : stopped) {
    context.err << "warning: stream " << one.stream.text << " stops at "
                << to_string(one.position) << ": " << visible(one.reason)
                << '\n';
  }
}

}  // namespace understudy
