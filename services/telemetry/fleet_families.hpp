#pragma once

/// Turns the figures of endpoints into samples.

#include "services/telemetry/fleet_figures.hpp"
#include "services/telemetry/samples.hpp"

namespace understudy::telemetry {

/// Adds what `fleet` says of the family `id`; nothing when it is not one of
/// an endpoint's.
void add_fleet(Family id, const ShownFleet& fleet, Samples& samples);

}  // namespace understudy::telemetry
