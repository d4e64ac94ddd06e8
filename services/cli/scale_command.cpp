#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/change_option.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/endpoint_commands.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Sets how many instances of a variant are wanted. Where the variant is\n"
    "scaled by its load, the autoscaler goes on from there.\n"
    "Examples:\n"
    "  understudy scale chat 6\n"
    "  understudy scale chat 6 --variant primary --wait\n"
    "  understudy scale chat 0 --dry-run\n";

struct Options {
  ChangeOption change;
  std::string endpoint;
  std::string count;
  std::string variant;
};

/// The variant that is meant, as the daemon has it.
Result<Json> choose_variant(const Json& item, const Options& options,
                            const std::string& name) {
  const Json variants = item.value("variants", Json::array());
  std::string names;
  for (const Json& one : variants) {
    const std::string variant = text_member(one, "name");
    if (variants.size() == 1 && options.variant.empty()) return one;
    if (variant == options.variant) return one;
    names += (names.empty() ? "" : ", ") + variant;
  }
  const std::string what =
      options.variant.empty()
          ? " has several variants, and --variant names none"
          : " has no variant " + in_quotes(options.variant);
  return Error{ErrorCode::not_found,
               "endpoint " + name + what + "; accepted: " + names};
}

Result<int> run(const Options& options, const std::string& name,
                std::uint32_t count, Context& context, DaemonClient& daemon) {
  const auto item = find_endpoint_item(daemon, name);
  if (!item) return item.error();
  if (item.value().is_null()) {
    return Error{ErrorCode::not_found,
                 "there is no endpoint " + in_quotes(name)};
  }
  const auto chosen = choose_variant(item.value(), options, name);
  if (!chosen) return chosen.error();
  const std::string variant = text_member(chosen.value(), "name");
  Change change;
  change.endpoint = name;
  change.action = "scaled";
  change.more = ": " + variant + " wants " + std::to_string(count) +
                ", before " +
                std::to_string(chosen.value().value("desired", 0U));
  change.wait_for = "at-wanted-capacity";
  change.command = [&](const std::string& id) {
    return scale_command(id, name, variant, count);
  };
  return carry_out(context, daemon, options.change, change);
}

int start(const Options& options, Context& context) {
  const auto count = parse_number(options.count, UINT32_MAX);
  if (!count) {
    context.fail({ErrorCode::invalid_input,
                  in_quotes(options.count) +
                      " is no number of instances; accepted: a whole number"});
    return exit_usage;
  }
  return with_parsed(
      context, parse_endpoint_name(options.endpoint),
      [&](const std::string& name) {
        return with_daemon(
            context, options.change.server, [&](DaemonClient& daemon) {
              return run(options, name, static_cast<std::uint32_t>(*count),
                         context, daemon);
            });
      });
}

}  // namespace

void add_scale(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("scale", "Set how many instances are wanted");
  command->footer(examples);
  command->add_option("endpoint", options->endpoint, "Which endpoint")
      ->required()
      ->type_name("ENDPOINT");
  command->add_option("count", options->count, "Instances wanted")
      ->required()
      ->type_name("N");
  command
      ->add_option("--variant", options->variant,
                   "Which variant, where there are several")
      ->type_name("NAME");
  add_change_options(*command, options->change, "Wait until as many are ready");
  command->callback(
      [options, &context] { context.exit_code = start(*options, context); });
}

}  // namespace understudy
