#pragma once

/// Places in a log as users name them. Thread safety: functions without
/// state.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/core/result.hpp"
#include "actors/runtime/replay.hpp"

namespace understudy {

/// `PARTITION:SEQUENCE` as a position number; nothing for any other text. A
/// place may be before the first record, 0; a position is one of a record.
[[nodiscard]] std::optional<std::uint64_t> parse_place(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> parse_position(
    std::string_view text);

/// A place to stop at: `0:1234`, a time, or nothing. Errors:
/// `invalid_input`; `option` is named in the message.
[[nodiscard]] Result<ReplayUntil> parse_until(std::string_view option,
                                              const std::string& text);

/// Whether `until` names a place after the end of what was read: `position`
/// and `time` are of the log's last record.
[[nodiscard]] bool is_beyond(ReplayUntil until, std::uint64_t position,
                             Instant time);

}  // namespace understudy
