#pragma once

/// Sequence and epoch of a stored record, without looking at the rest: for
/// readers of logs that only have to know whether records follow one another.
///
/// Thread safety: functions without state.

#include <cstdint>
#include <optional>

#include "actors/ports/event_log.hpp"

namespace understudy {

struct RecordPlace {
  std::uint64_t sequence = 0;
  std::uint32_t epoch = 0;
};

/// Nothing when the bytes are no record. No byte beyond them is read, whatever
/// they hold; whether they are what was written, decoding says.
[[nodiscard]] std::optional<RecordPlace> peek_record(Bytes bytes);

}  // namespace understudy
