#pragma once

/// Whether a pool is configured as it is told to be. A pure function.

#include "actors/pool/command.hpp"
#include "actors/pool/state.hpp"

namespace understudy::pool {

/// True when the input is answered with nothing, now and after whatever
/// comes in before it: only the endpoint configures a pool, in order.
[[nodiscard]] bool is_configured(const State& state, const Configure& input);

}  // namespace understudy::pool
