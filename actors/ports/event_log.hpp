#pragma once

/// The log of one partition: an append-only run of records and a cache of
/// snapshots. Two adapters stand behind it, embedded and Kafka, and one
/// contract suite over both (tests/contract/event_log_contract.hpp).
///
/// The log knows nothing of what a record means: records are opaque bytes.
/// Their sequence numbers start at 1 and have no gap; a writer states the
/// first one of a batch, and a log whose end is elsewhere refuses it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/result.hpp"

namespace understudy {

using Bytes = std::span<const std::byte>;

/// Where a record stands, as users meet it: `partition:offset`. Offsets grow
/// and may have gaps (Kafka's control records): compare, never count.
struct Position {
  std::uint32_t partition = 0;
  std::uint64_t offset = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

[[nodiscard]] std::string to_string(Position position);

struct LogRecord {
  Position position;
  std::uint64_t sequence = 0;
  Bytes bytes;  ///< Valid inside the visitor only; 8-byte aligned.
};

/// One stream's state at a position. A cache: losing all of them changes
/// nothing but the time it takes to start.
struct Snapshot {
  std::string stream;
  std::uint64_t sequence = 0;  ///< Last record of the partition folded in.
  std::vector<std::byte> bytes;
};

/// What a reader of a record answers: go on, or stop here.
enum class Visit : std::uint8_t { next, stop };

/// Thread safety: one thread appends, one puts, removes and drops snapshots,
/// and any read, all at the same time. An append waits for at most one call
/// that changes snapshots, so those who keep them do it in small batches.
/// Reads see one consistent state: what was durable when they began.
class EventLog {
 public:
  virtual ~EventLog() = default;

  /// Appends `records` as sequences `first`, `first` + 1, ... and returns
  /// when all of them are durable; on error none of them is in the log.
  /// Errors: `invalid_input` when `first` is not the end of the log,
  /// `already_held` when another writer took over, `unavailable` when the
  /// storage failed (full, gone): nothing may be appended any more through
  /// this object, reading goes on.
  virtual Result<void> append(std::uint64_t first,
                              std::span<const Bytes> records) = 0;

  /// The sequence that the next record will get; 1 for an empty log.
  virtual Result<std::uint64_t> end() const = 0;

  /// Visits the records from sequence `from` in order until the end or until
  /// the visitor stops. Errors: `corrupt` when sequences have a gap.
  virtual Result<void> read(
      std::uint64_t from,
      const std::function<Visit(const LogRecord&)>& visit) const = 0;

  /// Grows with each writer that opened this log; goes into every record.
  [[nodiscard]] virtual std::uint32_t epoch() const = 0;

  /// Replaces the snapshots of the given streams: all of them or, on error,
  /// none. Calls take effect in their order, after a crash too.
  virtual Result<void> put_snapshots(std::span<const Snapshot> batch) = 0;

  /// Visits all snapshots, ordered by stream.
  virtual Result<void> read_snapshots(
      const std::function<Visit(const Snapshot&)>& visit) const = 0;

  /// Removes the snapshots of the given streams, as far as there are any.
  virtual Result<void> remove_snapshots(
      std::span<const std::string> streams) = 0;

  virtual Result<void> drop_snapshots() = 0;
};

}  // namespace understudy
