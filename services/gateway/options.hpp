#pragma once

/// The gateway's command line.

#include <optional>

#include "services/config/settings.hpp"

namespace understudy::gateway {

struct GatewayOptions {
  SettingsSources sources;
  bool check_only = false;
  bool print_haproxy = false;
};

/// Nothing when the program is to end now, with `exit_code`.
[[nodiscard]] std::optional<GatewayOptions> parse_gateway_options(
    int argc, const char* const* argv, int& exit_code);

}  // namespace understudy::gateway
