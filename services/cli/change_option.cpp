#include "services/cli/change_option.hpp"

#include <ostream>

#include <CLI/CLI.hpp>

#include "services/cli/duration.hpp"
#include "services/cli/endpoint_commands.hpp"
#include "services/cli/waiting_for.hpp"

namespace understudy {
namespace {

Json result_of(const Change& change, const std::string& id, bool dry_run,
               const SentCommand& outcome) {
  Json json = envelope("ChangeResult");
  json["endpoint"] = change.endpoint;
  const bool accepted = outcome.end == CommandEnd::accepted;
  json["action"] = accepted ? change.action : "refused";
  json["command"] = id;
  json["dry_run"] = dry_run;
  for (const char* name : {"position", "reason", "detail", "field", "events"}) {
    const auto found = outcome.answer.find(name);
    if (found != outcome.answer.end()) json[name] = *found;
  }
  return json;
}

Result<int> wait_until(Context& context, DaemonClient& daemon,
                       const ChangeOption& option, const Change& change,
                       Json& json) {
  const auto timeout = parse_duration("--wait-timeout", option.wait_timeout);
  if (!timeout) return timeout.error();
  WaitOrder order;
  order.endpoint = change.endpoint;
  order.states = {change.wait_for};
  order.timeout = timeout.value();
  order.after = position_of(json);
  const auto end = wait_for(context, daemon, order);
  if (!end) return end.error();
  json["status"] = end.value().status;
  const int code = tell_wait_end(context, order, end.value());
  if (code == exit_done && option.output.value() == Output::table) {
    context.out << "endpoint/" << change.endpoint << ' ' << change.wait_for
                << '\n';
  }
  return code;
}

}  // namespace

void add_change_options(CLI::App& command, ChangeOption& option,
                        const std::string& wait_help) {
  command.add_flag("--dry-run", option.dry_run,
                   "Change nothing; show what would be decided");
  command.add_option("--command-id", option.command_id, "Id of the command")
      ->type_name("ID");
  command.add_flag("--wait", option.wait, wait_help);
  command
      .add_option("--wait-timeout", option.wait_timeout,
                  "How long to wait (default: 10m)")
      ->type_name("SPAN")
      ->check([](const std::string& text) {
        const auto span = parse_duration("--wait-timeout", text);
        return span ? std::string() : span.error().message;
      });
  add_timeout_option(command, option.server);
  add_output_option(command, option.output, {"table", "json", "yaml"});
  add_server_options(command, option.server);
}

Result<int> carry_out(Context& context, DaemonClient& daemon,
                      const ChangeOption& option, const Change& change) {
  const std::string id =
      option.command_id.empty() ? random_command_id() : option.command_id;
  const SentCommand outcome = daemon.send(change.command(id), option.dry_run);
  const bool accepted = outcome.end == CommandEnd::accepted;
  if (!accepted && outcome.end != CommandEnd::refused) return outcome.error;
  int code = exit_done;
  if (!accepted) {
    code = context.fail({outcome.error.code, "endpoint " + change.endpoint +
                                                 ": " + outcome.error.message});
  }
  Json json = result_of(change, id, option.dry_run, outcome);
  if (accepted && option.output.value() == Output::table) {
    context.out << "endpoint/" << change.endpoint << ' ' << change.action
                << change.more << (option.dry_run ? " (dry run)" : "") << '\n';
    if (option.dry_run) write_dry_run(context.out, outcome.answer);
    context.out << std::flush;
  }
  if (accepted && option.wait && !option.dry_run) {
    const auto waited = wait_until(context, daemon, option, change, json);
    code = waited ? waited.value() : fail_remotely(context, waited.error());
  }
  write_structured(context.out, option.output.value(), json);
  return code;
}

}  // namespace understudy
