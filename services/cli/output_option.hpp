#pragma once

/// The option -o of a subcommand.

#include <string>
#include <vector>

#include "services/rendering/output.hpp"

namespace CLI {
class App;
}

namespace understudy {

struct OutputOption {
  std::string name = "table";

  [[nodiscard]] Output value() const;
};

/// Adds -o, which takes `accepted` only.
void add_output_option(CLI::App& command, OutputOption& option,
                       const std::vector<std::string>& accepted = {"table",
                                                                   "json"});

}  // namespace understudy
