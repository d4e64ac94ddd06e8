#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/following.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/remote.hpp"
#include "services/cli/server_option.hpp"
#include "services/cli/watch.hpp"
#include "services/rendering/fleet_reader.hpp"
#include "services/rendering/lists.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "What is shown:\n"
    "  endpoints   status, and instances wanted, held and ready\n"
    "  pools       in the order of preference: held, asked for, cooling until\n"
    "  instances   those that live; --all for those that ended too\n"
    "  operations  open efforts to get instances; --all for the others too\n"
    "NAME is an endpoint, or ENDPOINT/ID of one instance or operation.\n"
    "AGE is counted from now, or from the record that reading a log ended at.\n"
    "Examples:\n"
    "  understudy get endpoints\n"
    "  understudy get pools chat -o wide\n"
    "  understudy get instances chat --all -o json\n"
    "  understudy get instances chat/12-1-0\n"
    "  understudy get endpoints --log run1 --at 2025-10-04T12:00:00Z\n"
    "  understudy get operations chat --log run1 --at 0:1234\n"
    "  understudy get instances chat --watch -o json\n";

struct Options {
  LogOption log;
  ServerOption server;
  OutputOption output;
  std::string what;
  std::string name;
  std::string at;
  bool all = false;
  bool watch = false;
};

/// `chat`, `chat/12-1-0` for an instance, `chat/primary/west` for a pool.
Result<Selection> select(const Options& options) {
  const Output output = options.output.value();
  if (options.watch && (output == Output::yaml || !options.at.empty())) {
    return Error{ErrorCode::invalid_input,
                 "--watch follows the end of a log, line by line; accepted: "
                 "without --at, and -o table, wide, json or name"};
  }
  Selection selection;
  selection.wide = output == Output::wide;
  selection.all = options.all;
  if (options.name.empty()) return selection;
  const auto slash = options.name.find('/');
  selection.endpoint = options.name.substr(0, slash);
  if (slash != std::string::npos) {
    selection.id = options.name.substr(slash + 1);
    selection.all = true;
    if (options.what == "endpoints") {
      return Error{ErrorCode::invalid_input,
                   in_quotes(options.name) +
                       " is no endpoint; accepted: a name without a slash"};
    }
  }
  return selection;
}

Result<int> run(const Options& options, const Selection& selection,
                ReplayUntil until, Context& context, LogReader& reader) {
  if (options.watch) {
    return watch(context, reader,
                 {options.what, selection, options.output.value()});
  }
  const auto view = read_fleet(reader, until);
  if (!view) return view.error();
  const auto listed =
      list_of(options.what, view.value(), selection, view.value().time());
  if (!listed) return listed.error();
  const Listing& listing = listed.value();
  const Output output = options.output.value();
  write_listing(context.out, output, listing);
  note_end(context, reader, until, listing.position, listing.at);
  if (output != Output::table && output != Output::wide) return 0;
  if (listing.table.empty()) {
    context.err << "No " << options.what << " found";
    if (listing.hidden == 0) context.err << ".\n";
  }
  if (listing.hidden != 0) {
    context.err << (listing.table.empty() ? "; " : "") << listing.hidden
                << " that ended are not shown: --all shows them.\n";
  }
  return 0;
}

Result<int> ask(const Options& options, const Selection& selection,
                Context& context, DaemonClient& daemon) {
  const RemoteList list{
      options.what, selection, options.output.value(), options.at, {}};
  return options.watch ? watch_remote(context, daemon, list)
                       : get_remote(context, daemon, list);
}

}  // namespace

void add_get(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("get", "List endpoints, pools, instances, operations");
  command->footer(examples);
  command->add_option("what", options->what, "What to list")
      ->required()
      ->check(CLI::IsMember({"endpoints", "pools", "instances", "operations"}))
      ->type_name("endpoints|pools|instances|operations");
  command->add_option("name", options->name, "Only of this endpoint")
      ->type_name("NAME");
  command->add_option("--at", options->at, "As it was at a position or time")
      ->type_name("POSITION|TIME");
  command->add_flag("-a,--all", options->all, "What ended too");
  command->add_flag("-w,--watch", options->watch,
                    "Go on with what changes: on a terminal the table is "
                    "drawn again, elsewhere changed rows or JSON lines");
  add_output_option(*command, options->output,
                    {"table", "wide", "json", "yaml", "name"});
  add_log_option(*command, options->log);
  add_server_options(*command, options->server);
  command->callback([options, &context] {
    context.exit_code = with_parsed(
        context, parse_until("--at", options->at), [&](ReplayUntil until) {
          return with_parsed(
              context, select(*options), [&](const Selection& selection) {
                if (options->watch) end_following_on_signals();
                return with_source(
                    context, options->log, options->server,
                    [&](LogReader& reader) {
                      return run(*options, selection, until, context, reader);
                    },
                    [&](DaemonClient& daemon) {
                      return ask(*options, selection, context, daemon);
                    });
              });
        });
  });
}

}  // namespace understudy
