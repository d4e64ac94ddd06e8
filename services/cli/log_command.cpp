#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "actors/runtime/snapshots.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/kafka_log_info.hpp"
#include "services/cli/log_info.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/codec/record_codec.hpp"
#include "services/codec/rest_codec.hpp"
#include "services/config/log_address.hpp"
#include "services/event_log/guarded.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  understudy log info run1\n"
    "  understudy log info run1 -o json\n"
    "  understudy log info --log kafka:127.0.0.1:9092\n"
    "  understudy log backup /backup/monday --log run1\n"
    "  understudy log restore /backup/monday --log run2\n"
    "  understudy log compact-snapshots run1\n";

constexpr const char* backup_help =
    "Copies one consistent state, also while a daemon writes. The copy is a\n"
    "log of its own: info, verify and every other command read it.\n";

constexpr const char* restore_help =
    "Reads every record of the backup first, and puts it in place only when\n"
    "all of them hold. A log that is there is never replaced.\n";

constexpr const char* compact_help =
    "Folds the log and writes the state of every stream beside it, so that\n"
    "the next start has less to fold. A daemon does this by itself.\n";

struct Options {
  LogOption log;
  std::string other;
  OutputOption output;
};

int exit_code_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::not_found:
    case ErrorCode::unavailable:
      return exit_unreachable;
    default:
      return exit_refused;
  }
}

using Work = std::function<Result<void>(const std::string& directory)>;

/// Runs `work` in a process of its own, where a damaged file is an error.
int on_directory(Context& context, const Options& options, const Work& work) {
  const auto directory = directory_of(options.log.where);
  if (!directory) {
    context.fail(directory.error());
    return exit_usage;
  }
  const auto run = [&]() -> Result<std::string> {
    const auto done = work(directory.value());
    int code = exit_done;
    if (!done) {
      context.fail(done.error());
      code = exit_code_of(done.error());
    }
    return std::to_string(context.finish_output() ? code : exit_refused);
  };
  const auto answer =
      context.guard ? run_guarded("log " + directory.value(), run) : run();
  if (!answer) return context.fail(answer.error());
  return static_cast<int>(
      parse_number(answer.value(), 255).value_or(exit_refused));
}

Result<void> show_info(const Options& options, Context& context,
                       const std::string& directory) {
  const auto log = LmdbLog::open_reader(directory);
  if (!log) return log.error();
  const auto end = log.value()->end();
  if (!end) return end.error();
  const auto progress = [&](std::uint64_t sequence) {
    if (!context.progress) return;
    context.err << "\rread " << sequence * 100 / end.value() << "%"
                << std::flush;
  };
  const auto info = read_log_info(*log.value(), directory, progress);
  if (context.progress) context.err << "\r         \r";
  if (!info) return info.error();
  if (!write_structured(context.out, options.output.value(),
                        json_of(info.value()))) {
    write_log_info(context.out, info.value());
  }
  return {};
}

/// The same of a log on Kafka, whose partitions stand on their own.
int show_kafka_info(Context& context, const Options& options) {
  return with_log(context, options.log, [&](LogReader& reader) -> Result<int> {
    const auto settings =
        kafka_settings_of(options.log.where, options.log.kafka);
    if (!settings) return settings.error();
    auto facts = read_kafka_facts(settings.value());
    if (!facts) return facts.error();
    const auto progress = [&](std::uint64_t count) {
      if (!context.progress) return;
      context.err << "\rread " << grouped(count) << " records" << std::flush;
    };
    const auto info =
        read_kafka_log_info(reader, std::move(facts).value(), progress);
    if (context.progress) context.err << "\r                        \r";
    if (!info) return info.error();
    if (!write_structured(context.out, options.output.value(),
                          json_of(info.value()))) {
      write_log_info(context.out, info.value());
    }
    return exit_done;
  });
}

bool names_kafka(const std::string& where) {
  const auto address = parse_log_address(where);
  return address && address.value().kind == LogKind::kafka;
}

/// A record that only a newer build understands is whole all the same.
Result<void> check_record(const RecordCodec& codec, const LogRecord& entry,
                          Record& record) {
  const auto decoded = codec.decode_into(entry.bytes, record, Causes::read);
  if (decoded) return {};
  if (decoded.error().code == ErrorCode::too_new &&
      codec.stream_of(entry.bytes)) {
    return {};
  }
  return Error{decoded.error().code,
               to_string(entry.position) + ": " + decoded.error().message};
}

void write_copy(const Options& options, Context& context, const char* kind,
                const std::string& to, const CopyReport& report) {
  Json json = envelope(kind);
  json["directory"] = to;
  json["position"] = position_text(report.last);
  json["bytes"] = report.bytes;
  if (write_structured(context.out, options.output.value(), json)) return;
  context.out << to << ": up to " << position_text(report.last) << ", "
              << grouped(report.bytes) << " bytes\n";
}

Result<void> back_up(const Options& options, Context& context,
                     const std::string& directory) {
  const auto log = LmdbLog::open_reader(directory);
  if (!log) return log.error();
  const auto made = log.value()->backup(options.other);
  if (!made) return made.error();
  write_copy(options, context, "Backup", options.other, made.value());
  return {};
}

Result<void> restore(const Options& options, Context& context,
                     const std::string& directory) {
  const auto codec = make_record_codec();
  Record record;
  const auto made =
      LmdbLog::restore(options.other, directory, [&](const LogRecord& entry) {
        return check_record(*codec, entry, record);
      });
  if (!made) return made.error();
  write_copy(options, context, "Restore", directory, made.value());
  return {};
}

Result<void> compact(const Options& options, Context& context,
                     const std::string& directory) {
  // Opening for writing would make a log where there is none.
  if (auto there = LmdbLog::open_reader(directory); !there)
    return there.error();
  const auto log = LmdbLog::open_writer(directory);
  if (!log && log.error().code == ErrorCode::already_held) {
    return Error{ErrorCode::already_held,
                 "log " + directory +
                     ": a daemon has it open for writing and keeps its "
                     "snapshots by itself; accepted: this command while "
                     "there is no writer"};
  }
  if (!log) return log.error();
  const auto done =
      refresh_snapshots(*log.value(), *make_record_codec(), *make_rest_codec());
  if (!done) return done.error();
  const SnapshotReport& report = done.value();
  if (!report.withheld.empty()) {
    return Error{ErrorCode::invalid_input,
                 "log " + directory + ": no snapshots: " + report.withheld};
  }
  Json json = envelope("SnapshotReport");
  json["position"] = position_text(report.sequence);
  json["folded"] = report.folded;
  json["streams"] = report.streams;
  json["bytes"] = report.bytes;
  json["removed"] = report.removed;
  json["records_after"] = log.value()->end().value() - 1 - report.sequence;
  if (write_structured(context.out, options.output.value(), json)) return {};
  context.out << "Streams:     " << grouped(report.streams) << ", up to "
              << position_text(report.sequence) << '\n'
              << "Written:     " << grouped(report.bytes) << " bytes, after "
              << grouped(report.folded) << " new records\n"
              << "Removed:     " << grouped(report.removed)
              << " older snapshots\n"
              << "Next start:  folds "
              << json["records_after"].get<std::uint64_t>() << " records\n";
  return {};
}

using Run = Result<void> (*)(const Options&, Context&, const std::string&);

/// One subcommand; `other` names its argument beside --log, null for none.
struct Command {
  const char* name;
  const char* help;
  const char* footer;
  const char* other;
  const char* other_help;
  Run run;
  int (*run_on_kafka)(Context&, const Options&) = nullptr;
};

constexpr Command commands[] = {
    {"info", "Say what is in a log and how its file is used", examples, nullptr,
     nullptr, &show_info, &show_kafka_info},
    {"backup", "Copy a log, also while it is written", backup_help, "TARGET",
     "A new directory", &back_up},
    {"restore", "Put a backup where no log is", restore_help, "BACKUP",
     "What log backup made", &restore},
    {"compact-snapshots", "Write snapshots, remove older ones", compact_help,
     nullptr, nullptr, &compact},
};

void add_one(CLI::App& parent, Context& context, const Command& one) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parent.add_subcommand(one.name, one.help);
  command->footer(one.footer);
  if (one.other != nullptr) {
    command->add_option("other", options->other, one.other_help)
        ->type_name(one.other)
        ->required();
    add_directory_option(*command, options->log);
  } else {
    command
        ->add_option("dir,--log", options->log.where,
                     one.run_on_kafka == nullptr
                         ? "The log: DIR or embedded:DIR"
                         : "The log: DIR, embedded:DIR or "
                           "kafka:HOST:PORT,...")
        ->envname("UNDERSTUDY_LOG")
        ->type_name("DIR");
    if (one.run_on_kafka != nullptr)
      add_kafka_options(*command, options->log.kafka);
  }
  add_output_option(*command, options->output);
  command->callback(
      [options, run = one.run, on_kafka = one.run_on_kafka, &context] {
        if (on_kafka != nullptr && names_kafka(options->log.where)) {
          context.exit_code = on_kafka(context, *options);
          return;
        }
        context.exit_code =
            on_directory(context, *options, [&](const std::string& directory) {
              return run(*options, context, directory);
            });
      });
}

}  // namespace

void add_log(CLI::App& app, Context& context) {
  CLI::App* parent = app.add_subcommand(
      "log", "Care of a log: what is in it, backups, snapshots");
  parent->require_subcommand(1);
  parent->footer(examples);
  for (const Command& one : commands)
    add_one(*parent, context, one);
}

}  // namespace understudy
