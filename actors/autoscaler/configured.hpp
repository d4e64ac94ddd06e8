#pragma once

/// Whether an autoscaler is configured as it is told to be. Pure functions.
///
/// True when the input is answered with nothing, now and after whatever
/// comes in before it: only the endpoint configures and stops an autoscaler,
/// in order.

#include "actors/autoscaler/command.hpp"
#include "actors/autoscaler/state.hpp"

namespace understudy::autoscaler {

[[nodiscard]] bool is_configured(const State& state, const Configure& input);
[[nodiscard]] bool is_stopped(const State& state);

}  // namespace understudy::autoscaler
