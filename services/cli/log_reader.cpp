#include "services/cli/log_reader.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include <CLI/CLI.hpp>

#include "services/codec/record_codec.hpp"
#include "services/event_log/guarded.hpp"
#include "services/text/instant_text.hpp"
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

int open_and_work(Context& context, const std::string& directory,
                  const std::function<Result<int>(LogReader&)>& work) {
  auto reader = LogReader::open(directory);
  if (!reader) {
    context.fail(reader.error());
    return code_of_open(reader.error());
  }
  const auto done = work(reader.value());
  warn_of(context, reader.value().stopped());
  return done ? done.value() : context.fail(done.error());
}

}  // namespace

Result<std::string> directory_of(const std::string& where) {
  constexpr std::string_view embedded = "embedded:";
  constexpr std::string_view accepted = "accepted: DIR or embedded:DIR";
  if (where.empty()) {
    return Error{ErrorCode::invalid_input,
                 "no log named: give --log or set UNDERSTUDY_LOG; " +
                     std::string(accepted)};
  }
  std::string directory = where;
  if (where.starts_with(embedded)) directory = where.substr(embedded.size());
  if (directory.empty() || where.starts_with("kafka:")) {
    return Error{ErrorCode::invalid_input, "--log " + in_quotes(where) +
                                               " cannot be read here; " +
                                               std::string(accepted)};
  }
  return directory;
}

void add_log_option(CLI::App& command, LogOption& option) {
  command
      .add_option("--log", option.where, "The log to read: DIR or embedded:DIR")
      ->envname("UNDERSTUDY_LOG")
      ->type_name("DIR");
}

Result<LogReader> LogReader::open(const std::string& directory) {
  auto log = LmdbLog::open_reader(directory);
  if (!log) return log.error();
  return LogReader(std::move(log).value(), make_record_codec());
}

Result<void> LogReader::scan(std::uint64_t from,
                             const std::function<Visit(const Record&)>& visit) {
  std::optional<Error> failure;
  Record record;
  const auto read = log_->read(from, [&](const LogRecord& entry) {
    const auto decoded = codec_->decode_into(entry.bytes, record);
    if (decoded) {
      if (!stopped_.empty() && has_stopped(record.stream)) return Visit::next;
      return visit(record);
    }
    if (decoded.error().code == ErrorCode::too_new) {
      auto stream = codec_->stream_of(entry.bytes);
      if (stream) {
        if (!has_stopped(stream.value())) {
          stopped_.push_back(
              {stream.value(), entry.position, decoded.error().message});
        }
        return Visit::next;
      }
    }
    failure = Error{decoded.error().code,
                    to_string(entry.position) + ": " + decoded.error().message};
    return Visit::stop;
  });
  if (failure) return *failure;
  return read;
}

Result<Record> LogReader::at(std::uint64_t position) const {
  std::optional<Result<Record>> found;
  const auto read = log_->read(position, [&](const LogRecord& entry) {
    if (entry.sequence == position) found = codec_->decode(entry.bytes);
    return Visit::stop;
  });
  if (!read) return read.error();
  const std::string where = to_string(Position{0, position});
  if (!found) {
    const auto end = log_->end();
    std::string message = "there is no record " + where + " in this log";
    if (end && end.value() > 1) {
      message +=
          "; accepted: 0:1 to " + to_string(Position{0, end.value() - 1});
    }
    return Error{ErrorCode::not_found, std::move(message)};
  }
  if (!found->ok()) {
    return Error{found->error().code, where + ": " + found->error().message};
  }
  return std::move(*found).value();
}

bool LogReader::has_stopped(const StreamId& stream) const {
  return std::any_of(
      stopped_.begin(), stopped_.end(),
      [&](const StoppedStream& one) { return one.stream == stream; });
}

int with_log(Context& context, const LogOption& option,
             const std::function<Result<int>(LogReader&)>& work) {
  const auto directory = directory_of(option.where);
  if (!directory) {
    context.fail(directory.error());
    return exit_usage;
  }
  if (!context.guard) return open_and_work(context, directory.value(), work);
  const auto answer =
      run_guarded("log " + directory.value(), [&]() -> Result<std::string> {
        const int code = open_and_work(context, directory.value(), work);
        return std::to_string(context.finish_output() ? code : exit_refused);
      });
  if (!answer) return context.fail(answer.error());
  return static_cast<int>(
      parse_number(answer.value(), 255).value_or(exit_refused));
}

void warn_of(Context& context, const std::vector<StoppedStream>& stopped) {
  for (const StoppedStream& one : stopped) {
    context.err << "warning: stream " << one.stream.text << " stops at "
                << to_string(one.position) << ": " << one.reason << '\n';
  }
}

std::optional<std::uint64_t> parse_position(std::string_view text) {
  if (!text.starts_with("0:")) return std::nullopt;
  text.remove_prefix(2);
  const auto number = parse_number(text, UINT64_MAX - 1);
  if (!number || *number == 0) return std::nullopt;
  return number;
}

Result<ReplayUntil> parse_until(std::string_view option,
                                const std::string& text) {
  ReplayUntil until;
  if (text.empty()) return until;
  if (const auto position = parse_position(text)) {
    until.sequence = *position;
    return until;
  }
  if (const auto time = parse_instant(text)) {
    until.time = *time;
    return until;
  }
  return Error{ErrorCode::invalid_input,
               std::string(option) + ' ' + in_quotes(text) +
                   " is neither a position nor a time; accepted: 0:1234 or " +
                   std::string(instant_form)};
}

}  // namespace understudy
