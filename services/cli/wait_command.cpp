#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/duration.hpp"
#include "services/cli/endpoint_commands.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/server_option.hpp"
#include "services/cli/waiting_for.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Ends as soon as one of the states holds:\n"
    "  in-service          it serves\n"
    "  failed              its creation failed\n"
    "  deleted             it is gone, or there is none of that name\n"
    "  at-wanted-capacity  as many instances are ready as are wanted\n"
    "  placed              every wanted instance was found a place\n"
    "  on-preferred-pools  it serves, and nothing is held by a fallback\n"
    "It ends too, with 1, when none of them can come any more.\n"
    "Exit codes: 0 the first state named, 1 another one or none, 124 time is\n"
    "up.\n"
    "Examples:\n"
    "  understudy wait endpoint chat --for in-service,failed --timeout 10m\n"
    "  understudy wait endpoint/chat --for deleted\n"
    "  understudy wait endpoint chat --for on-preferred-pools --timeout 6h\n";

struct Options {
  ServerOption server;
  OutputOption output;
  std::vector<std::string> words;
  std::string states = "in-service,failed";
  std::string timeout = "10m";
};

/// `endpoint NAME` or `endpoint/NAME`.
Result<std::string> name_of(const std::vector<std::string>& words) {
  const bool apart = words.size() == 2 && words[0] == "endpoint";
  const bool joined = words.size() == 1 && words[0].starts_with("endpoint/");
  if (apart || joined) return parse_endpoint_name(words.back());
  return Error{ErrorCode::invalid_input,
               in_quotes(words.front()) +
                   " is nothing to wait for; accepted: endpoint NAME, "
                   "endpoint/NAME"};
}

Result<WaitOrder> order_of(const Options& options) {
  WaitOrder order;
  auto name = name_of(options.words);
  if (!name) return name.error();
  order.endpoint = std::move(name).value();
  auto states = parse_wait_states(options.states);
  if (!states) return states.error();
  order.states = std::move(states).value();
  const auto timeout = parse_duration("--timeout", options.timeout);
  if (!timeout) return timeout.error();
  order.timeout = timeout.value();
  return order;
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
      app.add_subcommand("wait", "Wait until an endpoint is in a state");
  command->footer(examples);
  command->add_option("what", options->words, "Which endpoint")
      ->required()
      ->expected(1, 2)
      ->type_name("endpoint NAME");
  command
      ->add_option("--for", options->states,
                   "Any of these states (default: in-service,failed)")
      ->type_name("STATES");
  command
      ->add_option("--timeout", options->timeout,
                   "How long to wait (default: 10m)")
      ->type_name("SPAN");
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  add_server_options(*command, options->server);
  command->callback([options, &context] {
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
