#pragma once

/// What a scenario must be like beyond the types of its fields. Each error
/// has the place of the field that is to be mended.
///
/// Thread safety: pure functions.

#include "actors/core/result.hpp"
#include "services/capacity/capacity_trace.hpp"
#include "services/config/places.hpp"
#include "services/config/scenario.hpp"

namespace understudy {

/// Everything but the endpoint's own rules and the traces.
[[nodiscard]] Result<void> check_scenario(const Scenario& scenario,
                                          const Places& places);

/// That the trace knows each offering and lasts long enough. Sets a duration
/// that was left out.
[[nodiscard]] Result<void> check_against_trace(Scenario& scenario,
                                               const CapacityTrace& trace,
                                               const Places& places);

}  // namespace understudy
