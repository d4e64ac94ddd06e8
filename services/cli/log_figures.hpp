#pragma once

/// What is counted of a log's records: how many, of which types, on which
/// days, and how many bytes they take.
///
/// Thread safety: plain values; one thread.

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>

#include "actors/core/instant.hpp"
#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/record.hpp"
#include "services/codec/json.hpp"

namespace understudy {

struct Amount {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

void add_bytes(Amount& to, std::size_t bytes);

struct LogFigures {
  Amount records;
  Instant first;
  Instant last;
  std::map<std::string, Amount> types;
  std::map<std::int64_t, Amount> days;  ///< By days since the Unix epoch.

  /// Errors: the codec's, with the position.
  Result<void> see(const LogRecord& entry, const RecordCodec& codec);
  void add(const LogFigures& more);
};

/// Adds `types` and `days`.
void add_figures(Json& json, const LogFigures& figures);
/// Both as tables, each after an empty line; nothing where no record is.
void write_figures(std::ostream& out, const LogFigures& figures);
/// `, 1,000 bytes, 100 each`, or nothing.
[[nodiscard]] std::string sizes_text(const Amount& amount);

}  // namespace understudy
