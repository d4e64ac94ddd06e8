#pragma once

/// A position as one number, so that read models and views need no more than
/// that: the partition in the upper 16 bits, the record's sequence in the
/// lower 48. In partition 0, the only one of an embedded log, it is the
/// sequence itself.
///
/// Thread safety: functions without state.

#include <cstdint>
#include <string>

#include "actors/runtime/record.hpp"

namespace understudy {

constexpr unsigned sequence_bits = 48;

[[nodiscard]] constexpr std::uint64_t position_number(std::uint32_t partition,
                                                      std::uint64_t sequence) {
  return std::uint64_t{partition} << sequence_bits | sequence;
}

constexpr std::uint64_t last_sequence = (std::uint64_t{1} << sequence_bits) - 1;

/// The position that a number stands for.
[[nodiscard]] constexpr Position position_at(std::uint64_t number) {
  return {static_cast<std::uint32_t>(number >> sequence_bits),
          number & last_sequence};
}

/// Under which name a partition asks a provider for instances: what another
/// partition's owner launched is none of its business.
[[nodiscard]] inline std::string partition_owner(const std::string& owner,
                                                 std::uint32_t partition) {
  return partition == 0 ? owner : owner + '.' + std::to_string(partition);
}

/// Replaces the sequences that a record names by position numbers: from here
/// on nobody has to know which partition it is from.
inline void number_record(Record& record, std::uint32_t partition) {
  if (partition == 0) return;
  record.sequence = position_number(partition, record.sequence);
  if (record.cause.sequence != 0) {
    record.cause.sequence = position_number(partition, record.cause.sequence);
  }
}

}  // namespace understudy
