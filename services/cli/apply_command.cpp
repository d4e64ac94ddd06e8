#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/duration.hpp"
#include "services/cli/endpoint_commands.hpp"
#include "services/cli/endpoint_files.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/server_option.hpp"
#include "services/cli/waiting_for.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Every document is read and checked before the first is sent. What is as\n"
    "the daemon has it already is left unchanged. `understudy schema "
    "endpoint`\n"
    "says which fields there are.\n"
    "A command has an id; the same id again gets the same answer and changes\n"
    "nothing. Give one with --command-id where a script may run twice.\n"
    "Examples:\n"
    "  understudy apply -f chat.yaml\n"
    "  understudy apply -f chat.yaml --dry-run     what would be decided\n"
    "  understudy apply -f chat.yaml --wait        until it is in service\n"
    "  generate-fleet | understudy apply -f - -o json\n";

struct Options {
  ServerOption server;
  OutputOption output;
  std::vector<std::string> files;
  std::string command_id;
  std::string wait_timeout = "10m";
  bool dry_run = false;
  bool wait = false;
};

/// What became of one document.
struct Applied {
  std::string endpoint;
  std::string action;  ///< `created`, `updated`, `unchanged`, `refused`.
  std::string command;
  Json answer = Json::object();
};

class Applier {
 public:
  Applier(const Options& options, Context& context, DaemonClient& daemon)
      : options_(options), context_(context), daemon_(daemon) {}

  Result<Applied> apply(const GivenEndpoint& given) {
    Applied applied{given.spec.name, "refused", {}, {}};
    // Another may create or delete it between the question and the command.
    constexpr int most_tries = 3;
    for (int i = 0; i < most_tries; ++i) {
      const auto held = find_specification(daemon_, given.spec.name);
      if (!held) return held.error();
      const bool create = held.value().is_null();
      if (held.value() == to_json(given.spec)) {
        applied.action = "unchanged";
        applied.command.clear();
        return applied;
      }
      applied.command = id_for(i);
      SentCommand outcome = daemon_.send(
          specifying_command(applied.command, create ? "create" : "update",
                             given.spec),
          options_.dry_run);
      applied.answer = std::move(outcome.answer);
      if (outcome.end == CommandEnd::accepted) {
        applied.action = create ? "created" : "updated";
        return applied;
      }
      if (outcome.end != CommandEnd::refused) return outcome.error;
      const bool raced =
          outcome.reason == (create ? "endpoint-exists" : "endpoint-not-found");
      if (raced && i + 1 < most_tries) continue;
      context_.fail({ErrorCode::invalid_input, given.file + ": endpoint " +
                                                   given.spec.name + ": " +
                                                   outcome.error.message});
      break;
    }
    return applied;
  }

 private:
  /// An id names one command: what is tried after a race is another one.
  [[nodiscard]] std::string id_for(int attempt) const {
    if (options_.command_id.empty()) return random_command_id();
    if (attempt == 0) return options_.command_id;
    return options_.command_id + '.' + std::to_string(attempt);
  }

  const Options& options_;
  Context& context_;
  DaemonClient& daemon_;
};

void write_line(const Options& options, std::ostream& out,
                const Applied& applied) {
  if (applied.action == "refused") return;
  out << "endpoint/" << applied.endpoint << ' ' << applied.action
      << (options.dry_run ? " (dry run)" : "") << '\n';
  if (options.dry_run) write_dry_run(out, applied.answer);
  out << std::flush;
}

Json item_of(const Applied& applied) {
  Json item = Json::object();
  item["endpoint"] = applied.endpoint;
  item["action"] = applied.action;
  if (!applied.command.empty()) item["command"] = applied.command;
  for (const char* name : {"position", "reason", "detail", "field", "events"}) {
    const auto found = applied.answer.find(name);
    if (found != applied.answer.end()) item[name] = *found;
  }
  return item;
}

/// Until each that was applied serves, or one does not.
Result<int> wait_for_all(const Options& options,
                         std::chrono::milliseconds timeout, Context& context,
                         DaemonClient& daemon, const std::vector<Applied>& all,
                         Json& items) {
  int code = exit_done;
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].action == "refused") continue;
    WaitOrder order;
    order.endpoint = all[i].endpoint;
    order.states = {"in-service", "failed"};
    order.timeout =
        std::max(std::chrono::milliseconds(0),
                 std::chrono::duration_cast<std::chrono::milliseconds>(
                     until - std::chrono::steady_clock::now()));
    order.after = position_of(all[i].answer);
    const auto end = wait_for(context, daemon, order);
    if (!end) return end.error();
    items[i]["status"] = end.value().status;
    const int one = tell_wait_end(context, order, end.value());
    if (one == exit_done && options.output.value() == Output::table) {
      context.out << "endpoint/" << order.endpoint << " in-service\n"
                  << std::flush;
    }
    code = std::max(code, one);
  }
  return code;
}

Result<int> run(const Options& options, std::chrono::milliseconds wait_timeout,
                const std::vector<GivenEndpoint>& given, Context& context,
                DaemonClient& daemon) {
  Applier applier(options, context, daemon);
  std::vector<Applied> all;
  int code = exit_done;
  Json items = Json::array();
  for (const GivenEndpoint& one : given) {
    auto applied = applier.apply(one);
    if (!applied) {
      code = fail_remotely(context, applied.error());
      break;
    }
    if (applied.value().action == "refused") code = exit_refused;
    if (options.output.value() == Output::table)
      write_line(options, context.out, applied.value());
    items.push_back(item_of(applied.value()));
    all.push_back(std::move(applied).value());
  }
  if (options.wait && !options.dry_run && code != exit_unreachable) {
    const auto waited =
        wait_for_all(options, wait_timeout, context, daemon, all, items);
    code = std::max(
        code, waited ? waited.value() : fail_remotely(context, waited.error()));
  }
  Json json = envelope("ApplyResult");
  json["dry_run"] = options.dry_run;
  json["items"] = std::move(items);
  write_structured(context.out, options.output.value(), json);
  return code;
}

int start(const Options& options, Context& context) {
  const auto timeout = parse_duration("--wait-timeout", options.wait_timeout);
  return with_parsed(context, timeout, [&](std::chrono::milliseconds wait) {
    const auto given = read_endpoint_files(options.files);
    if (!given) return context.fail(given.error());
    if (!options.command_id.empty() && given.value().size() != 1) {
      context.fail({ErrorCode::invalid_input,
                    "--command-id names one command, and there are " +
                        std::to_string(given.value().size()) +
                        " documents; accepted: one document"});
      return static_cast<int>(exit_usage);
    }
    return with_daemon(context, options.server, [&](DaemonClient& daemon) {
      return run(options, wait, given.value(), context, daemon);
    });
  });
}

}  // namespace

void add_apply(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "apply", "Create endpoints, or update those there are");
  command->footer(examples);
  add_file_option(*command, options->files);
  command->add_flag("--dry-run", options->dry_run,
                    "Change nothing; show what would be decided");
  command
      ->add_option("--command-id", options->command_id,
                   "Id of the command, for one document")
      ->type_name("ID");
  command->add_flag("--wait", options->wait,
                    "Wait until in service; fails when one fails");
  command
      ->add_option("--wait-timeout", options->wait_timeout,
                   "How long to wait (default: 10m)")
      ->type_name("SPAN");
  add_timeout_option(*command, options->server);
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  add_server_options(*command, options->server);
  command->callback(
      [options, &context] { context.exit_code = start(*options, context); });
}

}  // namespace understudy
