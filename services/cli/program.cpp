#include "services/cli/program.hpp"

#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "services/cli/commands.hpp"
#include "services/rendering/output.hpp"
#include "services/text/version.hpp"

namespace understudy {
namespace {

constexpr const char* about =
    "Understudy keeps inference endpoints in service when GPU capacity runs\n"
    "out: an endpoint lists instance pools in order of preference, and when\n"
    "the cloud refuses one, the next goes on. Every decision is a record in\n"
    "a log. Some of these commands drive a running daemon, the others read\n"
    "what there is and was.";

constexpr const char* after =
    "Daemon:\n"
    "  --server URL names the daemon, as UNDERSTUDY_SERVER does; without any\n"
    "  it is http://127.0.0.1:7780. A daemon that wants a token gets the one\n"
    "  in the file of --token-file or UNDERSTUDY_TOKEN_FILE.\n"
    "Logs:\n"
    "  Reading commands read a log instead where --log DIR or UNDERSTUDY_LOG\n"
    "  names its directory; no daemon is needed, and one may be writing it.\n"
    "Output:\n"
    "  -o json is meant for programs: fields are added, never renamed. Times\n"
    "  are RFC 3339 in UTC. Records are named PARTITION:OFFSET, as 0:1234.\n"
    "Exit codes:\n"
    "  0 done   1 refused, failed or different   2 wrong usage\n"
    "  3 cannot reach: no log there, no daemon that answers\n"
    "  124 what was waited for did not come in time\n"
    "Examples:\n"
    "  understudy apply -f chat.yaml --wait\n"
    "  understudy get endpoints --watch\n"
    "  understudy describe endpoint chat\n"
    "  understudy capacity close a3-highgpu-1g/us-west1-b/spot\n"
    "  understudy explain chat\n"
    "  understudy events -f --type fallback-chosen,capacity-denied\n"
    "  understudy verify --log run1\n";

struct Group {
  const char* title;
  std::vector<const char*> names;
};

/// What drives and what reads, apart.
void group_commands(CLI::App& app) {
  const Group groups[] = {
      {"Commands that drive a daemon",
       {"apply", "scale", "delete", "wait", "diff", "capacity", "logs"}},
      {"Commands that read a daemon or a log",
       {"get", "describe", "explain", "events", "stats"}},
      {"Commands for a log alone",
       {"replay", "verify", "log", "topics", "simulate"}},
      {"Commands that look things up", {"schema", "version"}}};
  for (const Group& group : groups) {
    for (const char* name : group.names)
      app.get_subcommand(name)->group(group.title);
  }
}

/// Without the second line that CLI11 adds to point at --help.
std::string one_line(const CLI::ParseError& error) {
  std::string text = error.what();
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

std::string chosen(const CLI::App& app) {
  std::string name = app.get_name();
  for (const CLI::App* sub : app.get_subcommands())
    name += ' ' + chosen(*sub);
  return name;
}

}  // namespace

int Context::fail(const Error& error) {
  err << "error: " << visible(error.message) << '\n';
  return exit_refused;
}

bool Context::finish_output() {
  out.flush();
  if (out.good()) return true;
  struct stat file {};
  const bool piped = ::fstat(STDOUT_FILENO, &file) == 0 &&
                     (S_ISFIFO(file.st_mode) || S_ISSOCK(file.st_mode));
  out.clear();
  if (piped) return true;
  fail({ErrorCode::unavailable,
        "the output could not be written; accepted: a file or pipe with "
        "room"});
  return false;
}

int run_program(int argc, const char* const* arguments, Context& context) {
  CLI::App app(about, "understudy");
  app.footer(after);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.set_version_flag("--version", std::string("understudy ") + version);
  add_apply(app, context);
  add_scale(app, context);
  add_delete(app, context);
  add_wait(app, context);
  add_diff(app, context);
  add_capacity(app, context);
  add_simulate(app, context);
  add_get(app, context);
  add_describe(app, context);
  add_explain(app, context);
  add_events(app, context);
  add_logs(app, context);
  add_stats(app, context);
  add_replay(app, context);
  add_verify(app, context);
  add_log(app, context);
  add_topics(app, context);
  add_schema(app, context);
  add_version(app, context);
  group_commands(app);
  try {
    app.parse(argc, arguments);
  } catch (const CLI::CallForVersion& asked) {
    context.out << asked.what() << '\n';
    return context.finish_output() ? exit_done : exit_refused;
  } catch (const CLI::CallForHelp&) {
    const CLI::App* asked = &app;
    while (!asked->get_subcommands().empty())
      asked = asked->get_subcommands().front();
    context.out << asked->help();
    return context.finish_output() ? exit_done : exit_refused;
  } catch (const CLI::ParseError& error) {
    if (app.get_subcommands().empty() && !app.remaining().empty()) {
      context.err << "error: unknown command '" << app.remaining().front()
                  << "'; see understudy --help\n";
      return exit_usage;
    }
    context.err << "error: " << one_line(error) << "; see " << chosen(app)
                << " --help\n";
    return exit_usage;
  }
  if (!context.finish_output()) return exit_refused;
  return context.exit_code;
}

}  // namespace understudy
