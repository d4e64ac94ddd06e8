#include <algorithm>
#include <array>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/duration.hpp"
#include "services/cli/endpoint_commands.hpp"
#include "services/cli/offering_name.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/server_option.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Changes what the provider gives, while the daemon runs: to see an\n"
    "endpoint fall back, close what it stands on. A process catalogue's\n"
    "offerings can be closed and opened, and stay so; the other answers are\n"
    "for simulated capacity alone. OFFERING is TYPE/ZONE/MARKET, as\n"
    "`capacity list -o name` shows it.\n"
    "Examples:\n"
    "  understudy capacity list\n"
    "  understudy capacity close a3-highgpu-1g/us-west1-b/spot\n"
    "  understudy capacity open a3-highgpu-1g/us-west1-b/spot\n"
    "  understudy capacity throttle a3-highgpu-1g/us-west1-b/spot --calls 3 "
    "--retry-after 5s\n";

struct Action {
  const char* name;
  const char* help;
  const char* done;
  bool counted;  ///< Is about the next so many calls.
};

constexpr std::array<Action, 6> actions{{
    {"close", "Refuse every launch there for want of capacity", "closed",
     false},
    {"open", "Give again what there is", "open", false},
    {"quota", "Refuse the next calls: the quota is used up", "refuses: quota",
     true},
    {"throttle", "Refuse the next calls: too many requests",
     "refuses: throttled", true},
    {"infeasible", "Refuse the next calls: not offered there",
     "refuses: infeasible", true},
    {"unknown", "Launch, but lose the answers to the next calls",
     "answers get lost", true},
}};

struct ListOptions {
  ServerOption server;
  OutputOption output;
};

struct ChangeOptions {
  ServerOption server;
  OutputOption output;
  std::string offering;
  std::uint32_t calls = 1;
  std::string retry_after = "1s";
};

Result<int> list(const ListOptions& options, Context& context,
                 DaemonClient& daemon) {
  const auto answer =
      daemon.get("/v1/capacity", {{"output", options.output.name}});
  if (!answer) return answer.error();
  context.out << answer.value().body;
  return static_cast<int>(exit_done);
}

/// The error with names that look like the one that was not found.
Error with_close_names(DaemonClient& daemon, const std::string& offering,
                       Error error) {
  const auto names = daemon.get("/v1/capacity", {{"output", "name"}});
  if (!names) return error;
  const std::string close = close_offerings(offering, names.value().body);
  if (!close.empty()) error.message += "; accepted: " + close;
  return error;
}

Result<int> change(const ChangeOptions& options, const Action& action,
                   const Offering& offering, Context& context,
                   DaemonClient& daemon) {
  Json body = Json::object();
  body["offering"] = to_json(offering);
  body["action"] = action.name;
  if (action.counted) body["calls"] = options.calls;
  if (std::string_view(action.name) == "throttle") {
    const auto span = parse_duration("--retry-after", options.retry_after);
    if (!span) return span.error();
    body["retry_after_ms"] = span.value().count();
  }
  const auto answer = daemon.post("/v1/capacity", body);
  if (!answer) {
    if (answer.error().code != ErrorCode::not_found) return answer.error();
    return with_close_names(daemon, to_string(offering), answer.error());
  }
  if (write_structured(context.out, options.output.value(), answer.value()))
    return static_cast<int>(exit_done);
  context.out << "offering/" << to_string(offering) << ' ' << action.done;
  if (action.counted) {
    context.out << ", the next " << options.calls
                << (options.calls == 1 ? " call" : " calls");
  }
  context.out << '\n';
  return static_cast<int>(exit_done);
}

void add_list(CLI::App& capacity, Context& context) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command =
      capacity.add_subcommand("list", "Show every offering and its state");
  add_output_option(*command, options->output,
                    {"table", "json", "yaml", "name"});
  add_server_options(*command, options->server);
  command->callback([options, &context] {
    context.exit_code = with_daemon(
        context, options->server,
        [&](DaemonClient& daemon) { return list(*options, context, daemon); });
  });
}

std::string wrong_span(const std::string& text) {
  const auto span = parse_duration("--retry-after", text);
  return span ? std::string() : span.error().message;
}

void add_action(CLI::App& capacity, const Action& action, Context& context) {
  auto options = std::make_shared<ChangeOptions>();
  CLI::App* command = capacity.add_subcommand(action.name, action.help);
  command->add_option("offering", options->offering, "Which offering")
      ->required()
      ->type_name("TYPE/ZONE/MARKET");
  if (action.counted) {
    command
        ->add_option("--calls", options->calls, "How many calls (default: 1)")
        ->check(CLI::Range(1U, 1'000'000U))
        ->type_name("N");
  }
  if (std::string_view(action.name) == "throttle") {
    command
        ->add_option("--retry-after", options->retry_after,
                     "What the provider says to wait (default: 1s)")
        ->check(wrong_span)
        ->type_name("SPAN");
  }
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  add_server_options(*command, options->server);
  command->callback([options, &action, &context] {
    context.exit_code = with_parsed(
        context, parse_offering(options->offering),
        [&](const Offering& offering) {
          return with_daemon(
              context, options->server, [&](DaemonClient& daemon) {
                return change(*options, action, offering, context, daemon);
              });
        });
  });
}

}  // namespace

void add_capacity(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("capacity", "Show and change what the provider gives");
  command->footer(examples);
  command->require_subcommand(1);
  add_list(*command, context);
  for (const Action& action : actions)
    add_action(*command, action, context);
}

}  // namespace understudy
