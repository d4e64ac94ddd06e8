#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/output_option.hpp"
#include "services/text/version.hpp"

namespace understudy {

void add_version(CLI::App& app, Context& context) {
  auto output = std::make_shared<OutputOption>();
  CLI::App* command = app.add_subcommand("version", "Say which release it is");
  add_output_option(*command, *output, {"table", "json", "yaml"});
  command->callback([output, &context] {
    Json json = envelope("Version");
    json["version"] = version;
    if (!write_structured(context.out, output->value(), json)) {
      context.out << "understudy " << version << '\n';
    }
    context.exit_code = exit_done;
  });
}

}  // namespace understudy
