#pragma once

/// How a complete set of snapshots is told from one that is being written.
///
/// Sets take turns with two prefixes, `a/` and `b/`. A set counts from the
/// moment when the snapshot named `place` says so, which one short commit
/// puts there: a crash before leaves the older set whole, one after leaves
/// names that nobody asks for until the next set removes them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/ports/event_log.hpp"

namespace understudy {

/// What the snapshot named `place` holds. Thread safety: as any value.
struct SnapshotSet {
  char prefix = 'a';
  std::uint64_t sequence = 0;  ///< Last record that is folded in.
  std::uint32_t epoch = 0;     ///< That of the fleet at that record.
  Instant time;
  std::uint64_t streams = 0;
  /// Told and not yet heard there: see `Undelivered`.
  std::vector<std::pair<std::uint64_t, StreamId>> undelivered;

  /// The snapshot's name of a stream in this set.
  [[nodiscard]] std::string name_of(std::string_view stream) const;
  /// The stream of a name; nothing when it belongs to another set.
  [[nodiscard]] std::optional<std::string_view> stream_of(
      std::string_view name) const;
  /// The prefix of the next set.
  [[nodiscard]] char next_prefix() const { return prefix == 'a' ? 'b' : 'a'; }

  [[nodiscard]] Snapshot encode() const;
  /// Nothing when the bytes do not hold, or another build wrote them.
  static std::optional<SnapshotSet> decode(Bytes bytes);
};

inline constexpr std::string_view name_of_place = "place";

}  // namespace understudy
