#pragma once

/// Snapshots of a whole fleet: a cache that shortens recovery.
///
/// A set holds every stream at one record, with what was told and not yet
/// heard there. The set before stays whole until the new one is complete
/// (snapshot_set.hpp). Whatever does not hold (damage, other rules, another
/// layout of a state, a record beyond the log) makes the whole cache count as
/// absent.

#include <cstdint>
#include <string>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/fleet.hpp"
#include "actors/runtime/record.hpp"
#include "actors/runtime/replay.hpp"

namespace understudy {

/// Turns one stream's rest into bytes and back. Implemented by
/// services/codec. Thread safety: any thread.
class RestCodec {
 public:
  virtual ~RestCodec() = default;

  virtual void encode(const Rest& rest, std::uint64_t sequence,
                      std::vector<std::byte>& out) const = 0;

  /// Fills the blank `rest` of a stream of that kind. Errors: `corrupt`, and
  /// `too_new` when it was written for other rules.
  virtual Result<void> decode(Bytes bytes, Rest& rest) const = 0;
};

/// Puts the newest complete set into the empty `fleet` and what was told and
/// not heard there into the empty `undelivered`; false, with both left empty,
/// when there is none that holds. Errors: the log's own.
Result<bool> restore_fleet(const EventLog& log, const RecordCodec& records,
                           const RestCodec& rests, Fleet& fleet,
                           Undelivered& undelivered);

/// What writing a set did.
struct SnapshotReport {
  std::uint64_t sequence = 0;  ///< Recovery folds what comes after it.
  std::uint64_t folded = 0;    ///< Records since the set before.
  std::uint64_t streams = 0;
  std::uint64_t bytes = 0;
  std::uint64_t removed = 0;  ///< Snapshots of older sets.
  /// Why no set was written: a stream that stopped cannot be kept in one.
  std::string withheld;
};

/// REQUIRES: every stream is at rest, and nothing is on its way to any.
Result<SnapshotReport> snapshot_fleet(EventLog& log, const RestCodec& rests,
                                      const Fleet& fleet);

/// Writes a set of what the log holds now, folded from the newest set on, in
/// a fleet of its own: it takes the memory of a second fleet meanwhile.
///
/// Thread safety: may run on a thread of its own while another appends to the
/// same log; one set is written at a time, so end it before `Partition::stop`
/// when that writes one too. Each commit is a small batch, and an append
/// waits for one at most. Errors: those of `replay`, and the log's own; the
/// set before is then still there.
Result<SnapshotReport> refresh_snapshots(EventLog& log,
                                         const RecordCodec& records,
                                         const RestCodec& rests);

}  // namespace understudy
