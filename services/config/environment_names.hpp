#pragma once

/// Which variables of the environment mean something, so that a misspelt one
/// is told and not passed over.
///
/// Thread safety: any thread, while nobody changes the environment.

#include <string>
#include <vector>

namespace understudy {

/// The names of all variables that are set.
[[nodiscard]] std::vector<std::string> environment_names();

/// One line for each of `names` that begins with UNDERSTUDY_ and means
/// nothing to any program of the family, with the nearest that does.
[[nodiscard]] std::vector<std::string> environment_warnings(
    const std::vector<std::string>& names);

}  // namespace understudy
