#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/change_option.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/endpoint_commands.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Instances finish what they serve, up to the drain timeout, and are given\n"
    "back; then the endpoint is gone. Nothing asks back, as scripts expect:\n"
    "--dry-run shows first what would be decided.\n"
    "Examples:\n"
    "  understudy delete endpoint chat --dry-run\n"
    "  understudy delete endpoint chat --wait\n";

struct Options {
  ChangeOption change;
  std::string what;
  std::string name;
};

int start(const Options& options, Context& context) {
  return with_parsed(
      context, parse_endpoint_name(options.name), [&](const std::string& name) {
        Change change;
        change.endpoint = name;
        change.action = "deleting";
        change.wait_for = "deleted";
        change.command = [&](const std::string& id) {
          return delete_command(id, name);
        };
        return with_daemon(
            context, options.change.server, [&](DaemonClient& daemon) {
              return carry_out(context, daemon, options.change, change);
            });
      });
}

}  // namespace

void add_delete(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("delete", "Drain an endpoint and give it up");
  command->footer(examples);
  command->add_option("what", options->what, "What to delete")
      ->required()
      ->check(CLI::IsMember({"endpoint"}))
      ->type_name("endpoint");
  command->add_option("name", options->name, "Its name")
      ->required()
      ->type_name("NAME");
  add_change_options(*command, options->change, "Wait until it is gone");
  command->callback(
      [options, &context] { context.exit_code = start(*options, context); });
}

}  // namespace understudy
