#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/remote.hpp"
#include "services/cli/server_option.hpp"
#include "services/rendering/explain_text.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Explains a decision (for the fields of an endpoint see the README): from\n"
    "what caused it over each pool that was asked and what every offering\n"
    "answered, to what was launched. Each line names the record it is from.\n"
    "SUBJECT is one of\n"
    "  ENDPOINT      its latest fallback, or its latest decision if there was\n"
    "                none\n"
    "  ENDPOINT/ID   an instance: why it exists, where it ran, why it ended\n"
    "  POSITION      any record: back to the input from outside, and forward "
    "to\n"
    "                what it caused. Of a fallback the whole road is shown;\n"
    "                --chain shows the records alone\n"
    "Examples:\n"
    "  understudy explain chat\n"
    "  understudy explain chat/12-1-0\n"
    "  understudy explain 0:1234\n"
    "  understudy explain 0:1234 --chain -o json\n";

struct Options {
  LogOption log;
  ServerOption server;
  OutputOption output;
  std::string subject;
  bool chain = false;
};

Result<int> run(const Options& options, Context& context, LogReader& reader) {
  const auto done = write_explanation(context.out, options.output.value(),
                                      reader, options.subject, options.chain);
  if (!done) return done.error();
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "explain", "Say why a fallback, an instance or any record came about");
  command->footer(examples);
  command->add_option("subject", options->subject, "What to explain")
      ->required()
      ->type_name("ENDPOINT|ENDPOINT/ID|POSITION");
  command->add_flag("--chain", options->chain, "The records alone");
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  add_log_option(*command, options->log);
  add_server_options(*command, options->server);
  command->callback([options, &context] {
    context.exit_code = with_source(
        context, options->log, options->server,
        [&](LogReader& reader) { return run(*options, context, reader); },
        [&](DaemonClient& daemon) {
          return write_remote(context, daemon, "/v1/explanations",
                              {{"subject", options->subject},
                               {"chain", options->chain ? "true" : ""},
                               {"output", options->output.name}});
        });
  });
}

}  // namespace understudy
