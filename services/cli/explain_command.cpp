#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/explain_search.hpp"
#include "services/cli/explain_text.hpp"
#include "services/cli/log_reader.hpp"
#include "services/cli/output.hpp"

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

Result<int> show_record(const Options& options, Context& context,
                        LogReader& reader, std::uint64_t position) {
  const auto told = explain_record(reader, position);
  if (!told) return told.error();
  Json json = envelope("RecordExplanation");
  add_members(json, to_json(told.value()));
  json["data"] = Json::parse(told.value().data);
  if (write_structured(context.out, options.output.value(), json)) return 0;
  write_record(context.out, told.value());
  return 0;
}

Result<int> show_walk(const Options& options, Context& context,
                      LogReader& reader, const WalkSubject& subject) {
  const auto told = explain_walk(reader, subject);
  if (!told) return told.error();
  Json json = envelope(subject.instance.value == 0 ? "FallbackExplanation"
                                                   : "InstanceExplanation");
  add_members(json, to_json(told.value()));
  if (write_structured(context.out, options.output.value(), json)) return 0;
  write_walk(context.out, told.value());
  return 0;
}

Result<int> run(const Options& options, Context& context, LogReader& reader) {
  const auto found = find_subject(reader, options.subject);
  if (!found) return found.error();
  const Subject& subject = found.value();
  if (!subject.note.empty() && options.output.value() == Output::table) {
    context.out << subject.note << "\n\n";
  }
  if (subject.walk && !options.chain) {
    return show_walk(options, context, reader, *subject.walk);
  }
  return show_record(options, context, reader, subject.position);
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
