#pragma once

/// Chooses the control plane that the settings ask for.

#include <functional>
#include <memory>
#include <vector>

#include "services/config/settings.hpp"
#include "services/control/control_plane.hpp"
#include "services/control/surroundings.hpp"
#include "services/telemetry/telemetry.hpp"

namespace understudy {

/// Embedded or on Kafka. Errors: as opening those. Ownership: all must
/// outlive it. `more_figures` sets those that the plane does not know.
[[nodiscard]] Result<std::unique_ptr<ControlPlane>> open_plane(
    const Settings& settings, Surroundings& surroundings, Telemetry& telemetry,
    std::vector<FleetFollower::Observer> observers, ControlEvents events,
    std::function<void(KafkaFigures&)> more_figures);

}  // namespace understudy
