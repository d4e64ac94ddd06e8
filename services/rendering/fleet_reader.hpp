#pragma once

/// The fleet at a position or time of a log, for `get` and `describe`.

#include <string>

#include "services/projection/fleet_view.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy {

/// Reads the log up to `until` into `view`, which is empty. Errors: as
/// `LogReader::scan`.
[[nodiscard]] Result<FleetView> read_fleet(LogReader& reader, ReplayUntil until,
                                           FleetView view = FleetView());

/// The endpoint of that name. Errors: `not_found`, with the names that there
/// are.
[[nodiscard]] Result<const EndpointHistory*> find_endpoint(
    const FleetView& view, const std::string& name);

}  // namespace understudy
