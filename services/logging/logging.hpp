#pragma once

/// Lines about what the daemon does, on standard error: what happened, then
/// fields as KEY=VALUE, or one JSON object a line.
///
///     2026-01-02T03:04:05.678Z warning capacity denied endpoint=chat
///     position=0:123 operation=4
///
/// Thread safety: all calls from any thread, after `start_logging`.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/config/settings.hpp"

namespace understudy {

using LogFields = std::vector<std::pair<std::string_view, std::string>>;

/// Once, before other threads start. Without it lines of level info and
/// above are written as text.
void start_logging(const LoggingSettings& settings);

void log_line(LogLevel level, std::string_view message,
              const LogFields& fields = {});

}  // namespace understudy
