#include "services/cli/program.hpp"

#include <ostream>
#include <string>

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
    "a log; these commands read it.";

constexpr const char* after =
    "Logs:\n"
    "  --log DIR or --log embedded:DIR names the directory of a log; the\n"
    "  environment variable UNDERSTUDY_LOG does the same. A log may be read\n"
    "  while something writes it.\n"
    "Output:\n"
    "  -o json is meant for programs: fields are added, never renamed. Times\n"
    "  are RFC 3339 in UTC. Records are named PARTITION:OFFSET, as 0:1234.\n"
    "Exit codes:\n"
    "  0 done   1 refused, failed or different   2 wrong usage\n"
    "  3 cannot reach: no log there\n"
    "Examples:\n"
    "  export UNDERSTUDY_LOG=run1\n"
    "  understudy get endpoints\n"
    "  understudy describe endpoint chat\n"
    "  understudy explain chat\n"
    "  understudy events --type fallback-chosen,capacity-denied --limit 20\n"
    "  understudy stats\n"
    "  understudy verify\n";

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
  add_stats(app, context);
  add_replay(app, context);
  add_verify(app, context);
  add_log(app, context);
  add_schema(app, context);
  add_version(app, context);
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
