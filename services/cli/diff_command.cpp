#include <memory>
#include <ostream>
#include <sstream>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/endpoint_commands.hpp"
#include "services/cli/endpoint_files.hpp"
#include "services/cli/line_diff.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/server_option.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Compares what `apply -f` would send with what holds, both with all\n"
    "defaults filled in. -o json has a JSON Patch (RFC 6902).\n"
    "Exit codes: 0 the same, 1 they differ, 2 wrong usage or documents,\n"
    "3 cannot reach.\n"
    "Examples:\n"
    "  understudy diff -f chat.yaml\n"
    "  understudy diff -f chat.yaml > /dev/null || understudy apply -f "
    "chat.yaml\n";

struct Options {
  ServerOption server;
  OutputOption output;
  std::vector<std::string> files;
};

DiffSide side(const std::string& title, const Json& spec) {
  if (spec.is_null()) return {title, {}};
  std::ostringstream text;
  write_structured(text, Output::yaml, spec);
  return {title, split_lines(text.str())};
}

Result<int> run(const Options& options, const std::vector<GivenEndpoint>& given,
                Context& context, DaemonClient& daemon) {
  bool differ = false;
  Json items = Json::array();
  for (const GivenEndpoint& one : given) {
    const auto held = find_specification(daemon, one.spec.name);
    if (!held) return held.error();
    const Json wanted = to_json(one.spec);
    Json item = Json::object();
    item["endpoint"] = one.spec.name;
    item["exists"] = !held.value().is_null();
    item["differs"] = held.value() != wanted;
    item["patch"] = Json::diff(held.value(), wanted);
    items.push_back(std::move(item));
    if (held.value() == wanted) continue;
    differ = true;
    if (options.output.value() != Output::table) continue;
    const std::string name = "endpoint/" + one.spec.name;
    write_line_diff(
        context.out,
        side(name + (held.value().is_null() ? " (not there)" : " (applied)"),
             held.value()),
        side(one.file, wanted), context.color);
  }
  Json json = envelope("Diff");
  json["items"] = std::move(items);
  write_structured(context.out, options.output.value(), json);
  return differ ? exit_refused : exit_done;
}

int start(const Options& options, Context& context) {
  const auto given = read_endpoint_files(options.files);
  if (!given) {
    context.fail(given.error());
    return exit_usage;
  }
  return with_daemon(
      context, options.server, [&](DaemonClient& daemon) -> Result<int> {
        const auto done = run(options, given.value(), context, daemon);
        if (done || done.error().code == ErrorCode::unavailable) return done;
        // 1 says that they differ, and nothing else.
        context.fail(done.error());
        return static_cast<int>(exit_usage);
      });
}

}  // namespace

void add_diff(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("diff", "Compare documents with what holds");
  command->footer(examples);
  add_file_option(*command, options->files);
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  add_server_options(*command, options->server);
  command->callback(
      [options, &context] { context.exit_code = start(*options, context); });
}

}  // namespace understudy
