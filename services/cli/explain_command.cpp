#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
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
    "  understudy explain chat --log run1\n"
    "  understudy explain chat/12-1-0\n"
    "  understudy explain 0:1234\n"
    "  understudy explain 0:1234 --chain -o json\n";

struct Options {
  LogOption log;
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
  command->callback([options, &context] {
    context.exit_code = with_log(context, options->log, [&](LogReader& reader) {
      return run(*options, context, reader);
    });
  });
}

}  // namespace understudy
