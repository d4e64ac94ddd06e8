#pragma once

/// The daemon's command line.

#include <optional>
#include <string>

#include "services/config/settings.hpp"

namespace understudy {

struct DaemonOptions {
  SettingsSources sources;
  bool check_only = false;
};

/// Nothing when the program is to end now, with `exit_code` (help, version,
/// wrong usage: one line on standard error).
[[nodiscard]] std::optional<DaemonOptions> parse_daemon_options(
    int argc, const char* const* argv, int& exit_code);

}  // namespace understudy
