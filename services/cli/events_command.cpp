#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/following.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/remote.hpp"
#include "services/cli/server_option.hpp"
#include "services/projection/position_number.hpp"
#include "services/rendering/event_filter.hpp"
#include "services/rendering/event_line.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "-o json writes one CloudEvents 1.0 object a line. `subject` is the "
    "stream\n"
    "(endpoint/E, pool/E/V/P, instance/E/I, autoscaler/E/V), `id` the "
    "position,\n"
    "`data` the event; `causeposition` the event that led to this decision, "
    "or\n"
    "`causeinput` the input from outside;\n"
    "of a command also `authid`, who sent it, and `traceparent`, its trace.\n"
    "Examples:\n"
    "  understudy events --limit 20\n"
    "  understudy events -f --since 2025-10-04T12:00:00Z\n"
    "  understudy events --endpoint chat --type fallback-chosen,scale-out\n"
    "  understudy events --stream pool/chat/primary/first --from 0:1000\n"
    "  understudy events -o json | jq -c 'select(.type == \"scale-in\") | "
    ".data'\n";

struct Options {
  LogOption log;
  ServerOption server;
  OutputOption output;
  std::string endpoint;
  std::string types;
  std::string stream;
  std::string from;
  std::string since;
  std::string until;
  std::string limit;
  bool follow = false;
};

std::string type_help() {
  std::string text = "Types:\n";
  std::string line = " ";
  for (const std::string_view type : event_types()) {
    if (line.size() + type.size() > 76) {
      text += line + '\n';
      line = " ";
    }
    line += ' ';
    line += type;
  }
  return text + line + '\n';
}

struct Filter {
  EventFilter events;
  std::uint64_t from = 1;
  Instant since;
  ReplayUntil until;
  std::uint64_t limit = UINT64_MAX;
};

Result<Filter> filter_of(const Options& options) {
  Filter filter;
  auto types = parse_event_types("--type", options.types);
  if (!types) return types.error();
  filter.events.types = std::move(types).value();
  auto stream = parse_stream("--stream", options.stream);
  if (!stream) return stream.error();
  filter.events.stream = std::move(stream).value();
  filter.events.endpoint = options.endpoint;
  if (!options.from.empty()) {
    const auto from = parse_position(options.from);
    if (!from) {
      return Error{ErrorCode::invalid_input,
                   "--from " + in_quotes(options.from) +
                       " is no position; accepted: 0:1 or later"};
    }
    filter.from = *from;
  }
  const auto since = parse_until("--since", options.since);
  if (!since) return since.error();
  if (since.value().sequence != UINT64_MAX) {
    filter.from = std::max(filter.from, since.value().sequence);
  }
  if (since.value().time != Instant::never()) filter.since = since.value().time;
  auto until = parse_until("--until", options.until);
  if (!until) return until.error();
  filter.until = until.value();
  // Records of different partitions are compared when they are read.
  if (filter.until.sequence < filter.from &&
      position_at(filter.until.sequence).partition ==
          position_at(filter.from).partition) {
    return Error{ErrorCode::invalid_input,
                 "--until " + in_quotes(options.until) + " is before --from " +
                     in_quotes(options.from) + "; accepted: a later position"};
  }
  if (!options.limit.empty()) {
    const auto limit = parse_number(options.limit, UINT64_MAX);
    if (!limit) {
      return Error{
          ErrorCode::invalid_input,
          "--limit " + in_quotes(options.limit) + "; accepted: a whole number"};
    }
    filter.limit = *limit;
  }
  return filter;
}

/// Writes what the filter lets through, and knows where it is.
class Writer {
 public:
  Writer(const Options& options, const Filter& filter, Context& context)
      : filter_(filter),
        context_(context),
        json_(options.output.value() == Output::json),
        follow_(options.follow) {}

  Visit see(const Record& record) {
    if (is_over()) return Visit::stop;
    position = record.sequence;
    time = record.time;
    const std::string& endpoint = filter_.events.endpoint;
    known =
        known || endpoint.empty() || record.stream.endpoint_name() == endpoint;
    if (record.time >= filter_.since && filter_.events.selects(record)) {
      write(record);
    }
    return Visit::next;
  }

  [[nodiscard]] bool is_over() const {
    return written >= filter_.limit || !context_.out;
  }

  std::uint64_t written = 0;
  std::uint64_t position = 0;  ///< Of the last record seen.
  Instant time;
  bool known = false;  ///< The endpoint asked for was met.

 private:
  void write(const Record& record) {
    if (json_) {
      context_.out << json_text(cloud_event(record)) << '\n';
    } else {
      if (written == 0) write_event_titles(context_.out);
      write_event_line(context_.out, record);
    }
    if (follow_) context_.out.flush();
    ++written;
  }

  const Filter& filter_;
  Context& context_;
  bool json_;
  bool follow_;
};

Result<int> run(const Options& options, const Filter& filter, Context& context,
                LogReader& reader) {
  Writer writer(options, filter, context);
  auto place = reader.place_of(filter.from);
  if (!place) return place.error();
  Outage outage(context.err);
  do {
    const auto done =
        reader.scan(place.value(), filter.until,
                    [&](const Record& record) { return writer.see(record); });
    if (done) outage.over();
    if (!done && !(options.follow && outage.passes(done.error())))
      return done.error();
  } while (options.follow && !writer.is_over() && !reader.passed() &&
           context.pause && context.pause());
  if (options.follow) return 0;
  if (!writer.known && !options.endpoint.empty()) {
    return Error{ErrorCode::not_found, "there is no endpoint " +
                                           in_quotes(options.endpoint) +
                                           " in what was read"};
  }
  if (!writer.is_over()) {
    note_end(context, reader, filter.until, writer.position, writer.time);
  }
  if (writer.written == 0 && options.output.value() != Output::json) {
    context.err << "No events found.\n";
  }
  return 0;
}

Result<int> ask(const Options& options, const Filter& filter, Context& context,
                DaemonClient& daemon) {
  RemoteEvents wanted;
  wanted.filter = filter.events;
  wanted.from = filter.from;
  wanted.since = filter.since;
  wanted.until = filter.until;
  wanted.limit = filter.limit;
  wanted.json = options.output.value() == Output::json;
  wanted.follow = options.follow;
  return events_remote(context, daemon, wanted);
}

}  // namespace

void add_events(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("events", "List the events of a log, oldest first");
  command->footer(type_help() + examples);
  command->add_option("--endpoint", options->endpoint, "Only of this endpoint")
      ->type_name("NAME");
  command->add_option("--type", options->types, "Only of these types, a,b,...")
      ->type_name("TYPES");
  command->add_option("--stream", options->stream, "Only of this stream")
      ->type_name("STREAM");
  command->add_option("--from", options->from, "Begin at this position")
      ->type_name("POSITION");
  command
      ->add_option("--since", options->since, "Begin at this position or time")
      ->type_name("POSITION|TIME");
  command->add_option("--until", options->until, "End after it")
      ->type_name("POSITION|TIME");
  command->add_option("--limit", options->limit, "At most so many")
      ->type_name("N");
  command->add_flag("-f,--follow", options->follow,
                    "Go on with new events as they become durable");
  add_output_option(*command, options->output);
  add_log_option(*command, options->log);
  add_server_options(*command, options->server);
  command->callback([options, &context] {
    context.exit_code =
        with_parsed(context, filter_of(*options), [&](const Filter& filter) {
          if (options->follow) end_following_on_signals();
          return with_source(
              context, options->log, options->server,
              [&](LogReader& reader) {
                return run(*options, filter, context, reader);
              },
              [&](DaemonClient& daemon) {
                return ask(*options, filter, context, daemon);
              });
        });
  });
}

}  // namespace understudy
