#pragma once

/// One endpoint in detail: status, conditions, pools with every offering,
/// open operations, latest decisions. Thread safety: functions without state.

#include <iosfwd>
#include <string>

#include "actors/core/result.hpp"
#include "services/projection/fleet_view.hpp"
#include "services/rendering/output.hpp"

namespace understudy {

/// The whole answer in the form asked for. Errors: `not_found`, with the
/// names that there are; nothing is written then.
Result<void> describe_endpoint(std::ostream& out, Output output,
                               const FleetView& view, const std::string& name,
                               Instant now);

[[nodiscard]] Json describe_json(const EndpointHistory& history,
                                 const FleetView& view, Instant now);

void write_description(std::ostream& out, const EndpointHistory& history,
                       const FleetView& view, Instant now);

}  // namespace understudy
