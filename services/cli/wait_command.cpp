#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/duration.hpp"
#include "services/cli/endpoint_commands.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/server_option.hpp"
#include "services/cli/wait_for_command.hpp"
#include "services/cli/waiting_for.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "wait endpoint ends as soon as one of the states holds:\n"
    "  in-service          it serves\n"
    "  failed              its creation failed\n"
    "  deleted             it is gone, or there is none of that name\n"
    "  at-wanted-capacity  as many instances are ready as are wanted\n"
    "  placed              every wanted instance was found a place\n"
    "  on-preferred-pools  it serves, and nothing is held by a fallback\n"
    "It ends too, with 1, when none of them can come any more. wait command\n"
    "ends when a record tells what became of the command with that id,\n"
    "whoever sent it: it asks a daemon, or reads the log of --log.\n"
    "Exit codes: 0 the first state named, or accepted; 1 another state or\n"
    "none, or refused, with the reason; 124 time is up.\n"
    "Examples:\n"
    "  understudy wait endpoint chat --for in-service,failed --timeout 10m\n"
    "  understudy wait endpoint/chat --for deleted\n"
    "  understudy wait endpoint chat --for on-preferred-pools --timeout 6h\n"
    "  understudy wait command deploy-42 --endpoint chat --timeout 30s\n"
    "  understudy wait command deploy-42 --log kafka:127.0.0.1:9092\n";

struct Options {
  LogOption log;
  ServerOption server;
  OutputOption output;
  std::vector<std::string> words;
  std::string states = "in-service,failed";
  std::string timeout = "10m";
  std::string endpoint;
};

/// The id of `command ID` or `command/ID`; nothing for anything else.
std::optional<std::string> command_of(const std::vector<std::string>& words) {
  constexpr std::string_view joined = "command/";
  if (words.size() == 2 && words[0] == "command") return words[1];
  if (words.size() == 1 && words[0].starts_with(joined))
    return words[0].substr(joined.size());
  return std::nullopt;
}

/// `endpoint NAME` or `endpoint/NAME`.
Result<std::string> name_of(const std::vector<std::string>& words) {
  const bool apart = words.size() == 2 && words[0] == "endpoint";
  const bool joined = words.size() == 1 && words[0].starts_with("endpoint/");
  if (apart || joined) return parse_endpoint_name(words.back());
  return Error{ErrorCode::invalid_input,
               in_quotes(words.front()) +
                   " is nothing to wait for; accepted: endpoint NAME, "
                   "endpoint/NAME, command ID, command/ID"};
}

Result<WaitOrder> order_of(const Options& options) {
  WaitOrder order;
  auto name = name_of(options.words);
  if (!name) return name.error();
  if (is_log_given(options.log)) {
    return Error{ErrorCode::invalid_input,
                 "wait endpoint asks a daemon; accepted: without --log"};
  }
  order.endpoint = std::move(name).value();
  auto states = parse_wait_states(options.states);
  if (!states) return states.error();
  order.states = std::move(states).value();
  const auto timeout = parse_duration("--timeout", options.timeout);
  if (!timeout) return timeout.error();
  order.timeout = timeout.value();
  return order;
}

Result<CommandWaitOrder> command_order_of(const Options& options,
                                          const std::string& command) {
  if (command.empty()) {
    return Error{ErrorCode::invalid_input,
                 "the command's id is empty; accepted: the id that it was "
                 "sent with"};
  }
  const auto timeout = parse_duration("--timeout", options.timeout);
  if (!timeout) return timeout.error();
  return CommandWaitOrder{command, options.endpoint, timeout.value(),
                          options.output.value()};
}

int run_command(const Options& options, const std::string& command,
                Context& context) {
  return with_parsed(context, command_order_of(options, command),
                     [&](const CommandWaitOrder& order) {
                       return with_source(
                           context, options.log, options.server,
                           [&](LogReader& reader) {
                             return wait_in_log(context, order, reader);
                           },
                           [&](DaemonClient& daemon) {
                             return wait_at_daemon(context, order, daemon);
                           });
                     });
}

Result<int> run(const Options& options, const WaitOrder& order,
                Context& context, DaemonClient& daemon) {
  const auto end = wait_for(context, daemon, order);
  if (!end) return end.error();
  const int code = tell_wait_end(context, order, end.value());
  const std::string& state = end.value().state;
  Json json = envelope("WaitResult");
  json["endpoint"] = order.endpoint;
  json["state"] = state.empty() ? Json(nullptr) : Json(state);
  json["timed_out"] = end.value().timed_out;
  json["status"] =
      end.value().status.empty() ? Json(nullptr) : Json(end.value().status);
  json["conditions"] = end.value().endpoint.is_object()
                           ? end.value().endpoint.value("conditions", Json())
                           : Json();
  if (write_structured(context.out, options.output.value(), json)) return code;
  if (!state.empty())
    context.out << "endpoint/" << order.endpoint << ' ' << state << '\n';
  return code;
}

}  // namespace

void add_wait(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("wait",
                         "Wait until an endpoint is in a state, or for what "
                         "becomes of a command");
  command->footer(examples);
  command->add_option("what", options->words, "Which endpoint or command")
      ->required()
      ->expected(1, 2)
      ->type_name("endpoint NAME|command ID");
  command
      ->add_option("--endpoint", options->endpoint,
                   "Of a command: that it was for")
      ->type_name("NAME");
  command
      ->add_option("--for", options->states,
                   "Any of these states (default: in-service,failed)")
      ->type_name("STATES");
  command
      ->add_option("--timeout", options->timeout,
                   "How long to wait (default: 10m)")
      ->type_name("SPAN");
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  add_log_option(*command, options->log);
  add_server_options(*command, options->server);
  command->callback([options, &context] {
    if (const auto id = command_of(options->words)) {
      context.exit_code = run_command(*options, *id, context);
      return;
    }
    context.exit_code =
        with_parsed(context, order_of(*options), [&](const WaitOrder& order) {
          return with_daemon(context, options->server,
                             [&](DaemonClient& daemon) {
                               return run(*options, order, context, daemon);
                             });
        });
  });
}

}  // namespace understudy
