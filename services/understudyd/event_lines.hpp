#pragma once

/// Which events of the log are told in the daemon's own lines, and how: one
/// sentence, with endpoint, operation and position.

#include "services/control/control_plane.hpp"

namespace understudy {

/// For records after sequence `from`: a restart tells nothing twice.
[[nodiscard]] FleetFollower::Observer tell_events(std::uint64_t from);

}  // namespace understudy
