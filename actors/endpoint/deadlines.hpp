#pragma once

/// When time alone makes an endpoint act, besides an operation's deadline.

#include <cstdint>
#include <string>

#include "actors/core/instant.hpp"
#include "actors/endpoint/state.hpp"

namespace understudy::endpoint {

/// When the operation's next walk begins by itself; never while it walks.
[[nodiscard]] Instant next_walk_at(const Operation& operation);

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
