#include "services/cli/log_option.hpp"

#include <ostream>
#include <utility>

#include <CLI/CLI.hpp>

#include "services/config/log_address.hpp"
#include "services/event_log/guarded.hpp"
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
  if (where.empty()) {
    return Error{ErrorCode::invalid_input,
                 "no log named: give --log or set UNDERSTUDY_LOG; accepted: " +
                     std::string(log_address_forms)};
  }
  auto directory = embedded_directory(where);
  if (directory) return directory;
  return Error{directory.error().code,
               "--log " + directory.error().message +
                   "; accepted: " + std::string(log_address_forms)};
}

void add_log_option(CLI::App& command, LogOption& option) {
  command
      .add_option("--log", option.where, "The log to read: DIR or embedded:DIR")
      ->envname("UNDERSTUDY_LOG")
      ->type_name("DIR");
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

void note_end(Context& context, const LogReader& reader, ReplayUntil until,
              std::uint64_t position, Instant time) {
  const auto end = reader.log().end();
  if (!end || position + 1 < end.value()) return;
  if (!is_beyond(until, position, time)) return;
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
