#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/output_option.hpp"
#include "services/rendering/schema.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Says which fields a document may have: type, default, what is accepted,\n"
    "what it means. `[]` stands for each entry of a list or map. -o json is a\n"
    "JSON Schema (2020-12) that editors and other programs understand.\n"
    "Without a name it lists the schemas that there are.\n"
    "Examples:\n"
    "  understudy schema endpoint\n"
    "  understudy schema endpoint -o json > endpoint.schema.json\n"
    "  understudy schema scenario\n";

struct Options {
  OutputOption output;
  std::string name;
};

int list_schemas(const Options& options, Context& context) {
  Json json = envelope("SchemaList");
  json["items"] = Json::array();
  for (const std::string_view name : schema_names())
    json["items"].push_back(std::string(name));
  if (write_structured(context.out, options.output.value(), json)) return 0;
  for (const std::string_view name : schema_names())
    context.out << name << '\n';
  return exit_done;
}

int run(const Options& options, Context& context) {
  if (options.name.empty()) return list_schemas(options, context);
  const auto schema = schema_of(options.name);
  if (!schema) {
    context.fail(schema.error());
    return exit_usage;
  }
  if (!write_structured(context.out, options.output.value(),
                        json_schema(schema.value()))) {
    schema_table(schema.value()).write(context.out);
  }
  return exit_done;
}

}  // namespace

void add_schema(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "schema", "Say which fields an endpoint or a scenario may have");
  command->footer(examples);
  command->add_option("name", options->name, "Which schema")
      ->type_name("endpoint|scenario");
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  command->callback(
      [options, &context] { context.exit_code = run(*options, context); });
}

}  // namespace understudy
