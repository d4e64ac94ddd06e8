#pragma once

/// A place in a log of any number of partitions: up to where each was read.
///
/// A log of one partition needs no more than a position. With several, one
/// position says where the others stand by its time alone, and what became
/// durable late would be missed: whoever goes on where he was names all.
///
/// Thread safety: plain values, functions without state.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace understudy {

struct LogPlace {
  /// Of each partition, the sequence of the record that comes next.
  std::vector<std::uint64_t> next;

  /// Before the first record.
  [[nodiscard]] static LogPlace begin(std::size_t partitions) {
    return {std::vector<std::uint64_t>(partitions, 1)};
  }
  friend bool operator==(const LogPlace&, const LogPlace&) = default;
};

/// `0:12,1:0`: the last record read of each partition, 0 for none.
[[nodiscard]] std::string to_string(const LogPlace& place);

/// Reads it back. Nothing for any other text, and when it does not name each
/// of so many partitions.
[[nodiscard]] std::optional<LogPlace> parse_log_place(std::string_view text,
                                                      std::size_t partitions);

}  // namespace understudy
