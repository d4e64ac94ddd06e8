#pragma once

/// The documents of -f: all read and checked before any is used.

#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/core/specification.hpp"

namespace CLI {
class App;
}

namespace understudy {

struct GivenEndpoint {
  std::string file;
  EndpointSpec spec;
};

/// Adds -f, which is required and may be repeated.
void add_file_option(CLI::App& command, std::vector<std::string>& files);

/// `-` is standard input. Errors: as `parse_endpoints`, and `invalid_input`
/// for an endpoint that is given twice.
[[nodiscard]] Result<std::vector<GivenEndpoint>> read_endpoint_files(
    const std::vector<std::string>& files);

}  // namespace understudy
