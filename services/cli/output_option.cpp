#include "services/cli/output_option.hpp"

#include <CLI/CLI.hpp>

namespace understudy {

Output OutputOption::value() const {
  return parse_output(name).value_or(Output::table);
}

void add_output_option(CLI::App& command, OutputOption& option,
                       const std::vector<std::string>& accepted) {
  std::string names;
  for (const std::string& one : accepted)
    names += (names.empty() ? "" : "|") + one;
  command.add_option("-o,--output", option.name, "Output: " + names)
      ->check(CLI::IsMember(accepted))
      ->type_name("FORM");
}

}  // namespace understudy
