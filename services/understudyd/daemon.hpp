#pragma once

/// The composition of the daemon: settings in, everything wired, until it is
/// told to stop.

#include <string>
#include <vector>

#include "services/config/settings.hpp"

namespace understudy {

/// Runs until SIGTERM or SIGINT. Returns the exit code; whatever goes wrong
/// is a log line. `warnings` are told first.
int run_daemon(const Settings& settings,
               const std::vector<std::string>& warnings);

/// Opens what the settings name without changing anything. Errors: theirs.
[[nodiscard]] Result<void> check_daemon(const Settings& settings);

}  // namespace understudy
