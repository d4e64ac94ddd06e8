#pragma once

/// Folding and verifying a log of any number of partitions, each of them on a
/// thread of its own where there are several.
///
/// Thread safety: as the log.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/runtime/fleet.hpp"
#include "actors/runtime/replay.hpp"
#include "actors/runtime/verify.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy {

struct PartitionFold {
  Fleet fleet;
  Replayed replayed;
};

/// One for each partition. Errors: as `replay`, of the first that failed.
[[nodiscard]] Result<std::vector<PartitionFold>> replay_log(
    const LogReader& reader, ReplayUntil until);

/// One for each partition. `progress` is told, from any thread but one at a
/// time, how many records of all partitions were verified. Errors: as
/// `verify`.
[[nodiscard]] Result<std::vector<Verification>> verify_log(
    const LogReader& reader,
    const std::function<void(std::uint64_t)>& progress);

/// One number for all partitions: their digests mixed in their order. Of one
/// partition it is that one's own.
[[nodiscard]] std::uint64_t digest_of_all(
    std::span<const std::uint64_t> digests);

}  // namespace understudy
