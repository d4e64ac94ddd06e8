#pragma once

/// Takes every decision of a log again and compares.
///
/// The state comes from the recorded events; the input from the record's
/// cause; `decide` must give the very events that follow. A decision of a
/// decider version that this build does not hold is counted as not
/// re-verifiable and folded all the same.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/replay.hpp"

namespace understudy {

/// The first difference between what is recorded and what is decided now.
struct Difference {
  Position position;  ///< Of the first record that differs.
  StreamId stream;
  std::size_t part = 0;            ///< Which record of its decision.
  std::vector<AnyEvent> recorded;  ///< The whole decision.
  std::vector<AnyEvent> decided;
  std::string detail;  ///< For people: what kind of difference.
};

struct Verification {
  std::uint64_t records = 0;
  std::uint64_t decisions = 0;
  std::uint64_t not_verifiable = 0;
  std::vector<StoppedStream> stopped;
  std::vector<Difference> differences;  ///< At most one per stream.
  std::uint64_t digest = 0;             ///< Of the fleet at the end.

  [[nodiscard]] bool ok() const { return differences.empty(); }
};

/// `progress` is called now and then with the sequence reached; may be empty.
/// Errors: as `replay`. A difference is a result, not an error.
Result<Verification> verify(
    const EventLog& log, const RecordCodec& codec,
    const std::function<void(std::uint64_t)>& progress = {});

}  // namespace understudy
