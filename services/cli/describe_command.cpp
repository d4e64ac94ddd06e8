#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/remote.hpp"
#include "services/cli/server_option.hpp"
#include "services/rendering/describe.hpp"
#include "services/rendering/fleet_reader.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Shows an endpoint's status and conditions, its pools in the order of\n"
    "preference with every offering, its instances and the model that each\n"
    "was given, what it is trying to get, and its latest decisions.\n"
    "`understudy explain POSITION` goes on from any of them.\n"
    "Examples:\n"
    "  understudy describe endpoint chat\n"
    "  understudy describe endpoint chat --log run1 --at 0:1234\n"
    "  understudy describe endpoint chat -o json\n";

struct Options {
  LogOption log;
  ServerOption server;
  OutputOption output;
  std::string what;
  std::string name;
  std::string at;
};

Result<int> run(const Options& options, ReplayUntil until, Context& context,
                LogReader& reader) {
  const auto view = read_fleet(reader, until);
  if (!view) return view.error();
  const auto done =
      describe_endpoint(context.out, options.output.value(), view.value(),
                        options.name, view.value().time());
  if (!done) return done.error();
  note_end(context, reader, until, view.value().position(),
           view.value().time());
  return 0;
}

Result<int> ask(const Options& options, Context& context,
                DaemonClient& daemon) {
  return write_remote(
      context, daemon,
      "/v1/endpoints/" + percent_encoded(options.name) + "/description",
      {{"output", options.output.name}, {"at", options.at}});
}

}  // namespace

void add_describe(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("describe", "Show one endpoint in detail");
  command->footer(examples);
  command->add_option("what", options->what, "What to describe")
      ->required()
      ->check(CLI::IsMember({"endpoint"}))
      ->type_name("endpoint");
  command->add_option("name", options->name, "Its name")
      ->required()
      ->type_name("NAME");
  command->add_option("--at", options->at, "As it was at a position or time")
      ->type_name("POSITION|TIME");
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  add_log_option(*command, options->log);
  add_server_options(*command, options->server);
  command->callback([options, &context] {
    context.exit_code = with_parsed(
        context, parse_until("--at", options->at), [&](ReplayUntil until) {
          return with_source(
              context, options->log, options->server,
              [&](LogReader& reader) {
                return run(*options, until, context, reader);
              },
              [&](DaemonClient& daemon) {
                return ask(*options, context, daemon);
              });
        });
  });
}

}  // namespace understudy
