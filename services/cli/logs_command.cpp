#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/server_option.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Shows what an instance wrote to its standard output and error, where\n"
    "instances are processes of the daemon's machine; the latest 8 to 16 MiB\n"
    "of each are kept, also for a while after it is gone. INSTANCE is\n"
    "ENDPOINT/ID, as `get instances -o name` shows it.\n"
    "Examples:\n"
    "  understudy logs chat/12-1-0\n"
    "  understudy logs chat/12-1-0 --lines 1000\n"
    "  understudy logs chat/12-1-0 -f\n";

/// Between two questions for more.
constexpr std::chrono::milliseconds follow_interval{500};

struct Options {
  ServerOption server;
  std::string instance;
  std::uint32_t lines = 100;
  bool follow = false;
};

Result<std::string> path_of(std::string name) {
  const std::string kind = "instance/";
  if (name.starts_with(kind)) name.erase(0, kind.size());
  const auto slash = name.find('/');
  if (slash == 0 || slash == std::string::npos || slash + 1 == name.size() ||
      name.find_first_of("/?#%", slash + 1) != std::string::npos) {
    return Error{ErrorCode::invalid_input,
                 in_quotes(name) +
                     " is no instance; accepted: ENDPOINT/ID, such as "
                     "chat/12-1-0"};
  }
  return "/v1/instances/" + name + "/output";
}

Result<int> show(const Options& options, const std::string& path,
                 Context& context, DaemonClient& daemon) {
  QueryParameters parameters{{"lines", std::to_string(options.lines)}};
  for (;;) {
    const auto answer = daemon.get(path, parameters);
    if (!answer) return answer.error();
    context.out << answer.value().body << std::flush;
    const bool gone = answer.value().header("understudy-gone") == "true";
    const bool more = !answer.value().body.empty();
    if (!options.follow || !context.out || (gone && !more))
      return static_cast<int>(exit_done);
    parameters = {{"from", answer.value().header("understudy-next")}};
    if (!more) std::this_thread::sleep_for(follow_interval);
  }
}

}  // namespace

void add_logs(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("logs", "Show what an instance wrote");
  command->footer(examples);
  command->add_option("instance", options->instance, "Which instance")
      ->required()
      ->type_name("ENDPOINT/ID");
  command
      ->add_option("-n,--lines", options->lines,
                   "How many of the last lines (default: 100)")
      ->check(CLI::Range(0U, 100'000U))
      ->type_name("N");
  command->add_flag("-f,--follow", options->follow,
                    "Go on as it writes, until it is gone");
  add_server_options(*command, options->server);
  command->callback([options, &context] {
    context.exit_code = with_parsed(
        context, path_of(options->instance), [&](const std::string& path) {
          return with_daemon(context, options->server,
                             [&](DaemonClient& daemon) {
                               return show(*options, path, context, daemon);
                             });
        });
  });
}

}  // namespace understudy
