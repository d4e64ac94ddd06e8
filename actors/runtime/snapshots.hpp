#pragma once

/// Snapshots of a whole fleet: a cache that shortens recovery.
///
/// They are written while nothing is under way, all streams at one sequence
/// and in one step, so the newest sequence found is complete; older ones are
/// leftovers of streams that are over. Whatever does not hold (damage, other
/// rules, a sequence beyond the log) makes the whole cache count as absent.

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/fleet.hpp"
#include "actors/runtime/record.hpp"

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

/// Puts the newest complete snapshot into the empty `fleet`; false, and an
/// empty fleet, when there is none that holds. Errors: the log's own.
Result<bool> restore_fleet(const EventLog& log, const RecordCodec& records,
                           const RestCodec& rests, Fleet& fleet);

/// REQUIRES: every stream is at rest, and nothing is on its way to any.
Result<void> snapshot_fleet(EventLog& log, const RestCodec& rests,
                            const Fleet& fleet);

}  // namespace understudy
