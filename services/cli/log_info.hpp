#pragma once

/// What `understudy log info` says of a log.

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "actors/core/result.hpp"
#include "services/cli/log_figures.hpp"
#include "services/codec/json.hpp"
#include "services/event_log/lmdb_log.hpp"

namespace understudy {

struct LogInfo {
  std::string directory;
  LogFacts facts;
  LogFigures figures;
  Amount snapshots;
  std::uint64_t snapshots_at = 0;  ///< The last record in them; 0: no set.
};

/// Reads the whole log. `progress` is called now and then with a record's
/// number. Errors: the log's own; `corrupt` with the position of a record
/// that does not hold.
[[nodiscard]] Result<LogInfo> read_log_info(
    const LmdbLog& log, const std::string& directory,
    const std::function<void(std::uint64_t)>& progress);

[[nodiscard]] Json json_of(const LogInfo& info);
void write_log_info(std::ostream& out, const LogInfo& info);

}  // namespace understudy
