#pragma once

/// When time alone makes an endpoint act, besides an operation's deadline.

#include <cstdint>
#include <string>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/endpoint/state.hpp"

namespace understudy::endpoint {

/// A walk that begins by itself.
struct NextWalk {
  OperationId operation;
  Instant at;
};

/// By operation. Of those that wait for a pool only the oldest of a variant
/// has a clock; a pause (E9) ends for each at its own time.
[[nodiscard]] std::vector<NextWalk> next_walks(const State& state);

/// E10. The earliest instant from `now` on at which a return may begin, and
/// where to: the best pool that is open for long enough by then.
struct ReturnDue {
  Instant at = Instant::never();
  std::uint32_t pool = 0;
};

[[nodiscard]] ReturnDue return_due(const State& state,
                                   const std::string& variant,
                                   Instant now = {});

/// The priority of the least preferred pool that has a ready instance; 0
/// when no instance of the variant is ready.
[[nodiscard]] std::uint32_t worst_priority(const State& state,
                                           const std::string& variant);

}  // namespace understudy::endpoint
