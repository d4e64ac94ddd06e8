#pragma once

/// Records whose every byte follows from their place, so that whoever finds
/// one can tell whether it is whole and where its batch ends.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "actors/ports/event_log.hpp"

namespace understudy::test {

/// What the writer says after an append: the end that it made. Large, so
/// that few of them fit into a pipe and the writer stays near its reader.
struct Acknowledgement {
  std::uint64_t end = 0;
  std::uint64_t filler[31] = {};
};

[[nodiscard]] inline std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31);
}

/// Word 0: its sequence; 1: the first of its batch; 2: the batch's size;
/// then filler.
[[nodiscard]] inline std::vector<std::uint64_t> killed_record(
    std::uint64_t sequence, std::uint64_t first, std::uint64_t size) {
  std::vector<std::uint64_t> words(3 + mix(sequence) % 40);
  words[0] = sequence;
  words[1] = first;
  words[2] = size;
  for (std::size_t at = 3; at < words.size(); ++at) {
    words[at] = mix(sequence * 64 + at);
  }
  return words;
}

/// True when `record` is what `killed_record` made; sets where its batch
/// began and how large that was.
[[nodiscard]] inline bool is_killed_record(const LogRecord& record,
                                           std::uint64_t& first,
                                           std::uint64_t& size) {
  if (record.bytes.size() < 3 * sizeof(std::uint64_t)) return false;
  std::memcpy(&first, record.bytes.data() + 8, sizeof(first));
  std::memcpy(&size, record.bytes.data() + 16, sizeof(size));
  const auto expected = killed_record(record.sequence, first, size);
  const auto bytes = std::as_bytes(std::span(expected));
  return std::ranges::equal(bytes, record.bytes);
}

}  // namespace understudy::test
