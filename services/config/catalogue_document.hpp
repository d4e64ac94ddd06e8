#pragma once

/// The catalogue of the process provider, read from its file.
///
/// Thread safety: pure functions.

#include <string>

#include "actors/core/result.hpp"
#include "services/capacity/process_catalogue.hpp"

namespace understudy {

/// Errors: as `read_text_file`, and `invalid_input` that names file, line,
/// column and field: unknown fields, two offerings of one name, a command
/// without a program, a port range that is none, a host that is no address.
/// Whether a program is there is found out at each launch.
[[nodiscard]] Result<ProcessCatalogue> read_catalogue(const std::string& path);

/// `file` stands in messages.
[[nodiscard]] Result<ProcessCatalogue> parse_catalogue(const std::string& file,
                                                       const std::string& text);

}  // namespace understudy
