#pragma once

/// The composition of the daemon: settings in, everything wired, until it is
/// told to stop.

#include "services/config/settings.hpp"

namespace understudy {

/// Runs until SIGTERM or SIGINT. Returns the exit code; whatever goes wrong
/// is a log line.
int run_daemon(const Settings& settings);

/// Opens what the settings name without changing anything. Errors: theirs.
[[nodiscard]] Result<void> check_daemon(const Settings& settings);

}  // namespace understudy
