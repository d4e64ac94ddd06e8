#pragma once

/// Snapshots of one actor's state: FlatBuffers (schemas/snapshot.fbs) in the
/// same frame as records.
///
/// A snapshot is a cache. It is refused, never mended, when anything about
/// it is not as this build would write it: whoever reads it folds the
/// stream from the log instead.
///
/// Thread safety: functions without state.

#include <cstdint>
#include <vector>

#include "actors/autoscaler/state.hpp"
#include "actors/core/result.hpp"
#include "actors/endpoint/state.hpp"
#include "actors/instance/state.hpp"
#include "actors/pool/state.hpp"
#include "actors/ports/event_log.hpp"

namespace understudy {

/// Where a state stands.
struct SnapshotPlace {
  std::uint64_t sequence = 0;   ///< Last record of the partition folded in.
  std::uint64_t version = 0;    ///< Records of the stream so far.
  std::uint64_t delivered = 0;  ///< See `Record::delivered`.
  friend bool operator==(const SnapshotPlace&, const SnapshotPlace&) = default;
};

/// Appends the snapshot's bytes, a multiple of 8, to `out`. `State` is the
/// state of one of the four actors. The same state gives the same bytes.
template <class State>
void encode_snapshot(const State& state, std::uint16_t decider_version,
                     const SnapshotPlace& place, std::vector<std::byte>& out);

/// Fills `state`; on error it holds anything. Errors: `corrupt` when
/// checksum or structure do not hold or it is the state of another actor;
/// `too_new` when it was written for other rules or another layout of the
/// state.
template <class State>
[[nodiscard]] Result<SnapshotPlace> decode_snapshot(
    Bytes bytes, std::uint16_t decider_version, State& state);

#define UNDERSTUDY_SNAPSHOT_OF(State)                                         \
  extern template void encode_snapshot(const State&, std::uint16_t,           \
                                       const SnapshotPlace&,                  \
                                       std::vector<std::byte>&);              \
  extern template Result<SnapshotPlace> decode_snapshot(Bytes, std::uint16_t, \
                                                        State&);
UNDERSTUDY_SNAPSHOT_OF(endpoint::State)
UNDERSTUDY_SNAPSHOT_OF(pool::State)
UNDERSTUDY_SNAPSHOT_OF(instance::State)
UNDERSTUDY_SNAPSHOT_OF(autoscaler::State)
#undef UNDERSTUDY_SNAPSHOT_OF

}  // namespace understudy
