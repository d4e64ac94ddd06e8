#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/remote.hpp"
#include "services/cli/server_option.hpp"
#include "services/projection/statistics.hpp"
#include "services/rendering/report_text.hpp"
#include "services/text/instant_text.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Terms:\n"
    "  at wanted capacity  time with at least as many instances ready (held) "
    "as\n"
    "                      wanted, from the first time in service\n"
    "  shortfall           ready instances missing, averaged over that time\n"
    "  instance time       from launch to end: what is paid for\n"
    "  above preferred     cost beyond the same instance time in the first "
    "pool\n"
    "Examples:\n"
    "  understudy stats --log run1\n"
    "  understudy stats --since 2025-10-04T00:00:00Z --until "
    "2025-10-05T00:00:00Z\n"
    "  understudy stats --endpoint chat -o json\n";

struct Options {
  LogOption log;
  ServerOption server;
  OutputOption output;
  std::string endpoint;
  std::string since;
  std::string until;
};

struct Period {
  Instant from;
  Instant to = Instant::never();
};

Result<Period> period_of(const Options& options) {
  Period period;
  for (const auto& [text, name, into] :
       {std::tuple{&options.since, "--since", &period.from},
        std::tuple{&options.until, "--until", &period.to}}) {
    if (text->empty()) continue;
    const auto time = parse_instant(*text);
    if (!time) {
      return Error{ErrorCode::invalid_input,
                   std::string(name) + ' ' + in_quotes(*text) +
                       " is no time; accepted: " + std::string(instant_form)};
    }
    *into = *time;
  }
  if (period.to <= period.from) {
    return Error{ErrorCode::invalid_input,
                 "--until " + in_quotes(options.until) +
                     " is not after --since " + in_quotes(options.since) +
                     "; accepted: a later time"};
  }
  return period;
}

Result<int> run(const Options& options, Period period, Context& context,
                LogReader& reader) {
  Statistics statistics(period.from, period.to);
  const auto done = reader.scan(1, [&](const Record& record) {
    // What comes later changes nothing in the period.
    if (record.time >= period.to) return Visit::stop;
    statistics.see(record);
    return Visit::next;
  });
  if (!done) return done.error();
  if (statistics.view().time() < period.from) {
    return Error{ErrorCode::invalid_input,
                 "--since " + in_quotes(options.since) +
                     " is after the last record; accepted: up to " +
                     to_string(statistics.view().time())};
  }
  note_end(context, reader, {UINT64_MAX, period.to},
           statistics.view().position(), statistics.view().time());
  Report report = statistics.report();
  if (!options.endpoint.empty()) {
    std::erase_if(report.endpoints, [&](const EndpointReport& one) {
      return one.name != options.endpoint;
    });
    if (report.endpoints.empty()) {
      return Error{ErrorCode::not_found, "there is no endpoint " +
                                             in_quotes(options.endpoint) +
                                             " in this log"};
    }
  }
  Json json = envelope("Statistics");
  add_members(json, to_json(report));
  if (write_structured(context.out, options.output.value(), json)) return 0;
  write_report(context.out, report);
  return 0;
}

}  // namespace

void add_stats(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "stats", "Report on a period: capacity, fallbacks, refusals, cost");
  command->footer(examples);
  command->add_option("--endpoint", options->endpoint, "Only of this endpoint")
      ->type_name("NAME");
  command->add_option("--since", options->since, "Begin of the period")
      ->type_name("TIME");
  command->add_option("--until", options->until, "End of the period")
      ->type_name("TIME");
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  add_log_option(*command, options->log);
  add_server_options(*command, options->server);
  command->callback([options, &context] {
    context.exit_code =
        with_parsed(context, period_of(*options), [&](const Period& period) {
          return with_source(
              context, options->log, options->server,
              [&](LogReader& reader) {
                return run(*options, period, context, reader);
              },
              [&](DaemonClient& daemon) {
                return write_remote(context, daemon, "/v1/statistics",
                                    {{"endpoint", options->endpoint},
                                     {"since", options->since},
                                     {"until", options->until},
                                     {"output", options->output.name}});
              });
        });
  });
}

}  // namespace understudy
