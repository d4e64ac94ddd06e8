#pragma once

/// What `understudy log info` says of a log.

#include <array>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/core/result.hpp"
#include "services/codec/json.hpp"
#include "services/event_log/lmdb_log.hpp"

namespace understudy {

struct Amount {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

struct LogInfo {
  std::string directory;
  LogFacts facts;
  Amount records;
  Instant first;
  Instant last;
  std::map<std::string, Amount> types;
  std::map<std::int64_t, Amount> days;  ///< By days since the Unix epoch.
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
