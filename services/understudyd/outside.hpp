#pragma once

/// What stands around the daemon, as the setting `capacity` names it.
///
/// Thread safety: plain functions; what they return as it says.

#include <memory>

#include "actors/core/result.hpp"
#include "services/capacity/instance_output.hpp"
#include "services/capacity/operated_capacity.hpp"
#include "services/config/settings.hpp"
#include "services/control/surroundings.hpp"
#include "services/load/gateway_load.hpp"

namespace understudy {

struct Outside {
  std::unique_ptr<Surroundings> surroundings;
  OperatedCapacity* capacity = nullptr;    ///< Of the surroundings.
  const InstanceOutput* output = nullptr;  ///< Null: nobody keeps it.
  /// Null: the load is not metered by gateways.
  GatewayLoad* load = nullptr;
};

/// `last` is the instant of the log's last decision, or 0. `load` must outlive
/// the surroundings. Errors: as
/// `SimulatedSurroundings::open` and `ProcessSurroundings::open`.
[[nodiscard]] Result<Outside> open_outside(const Settings& settings,
                                           Instant last, GatewayLoad& load);

/// What `open_outside` would say, with nothing begun.
[[nodiscard]] Result<void> check_outside(const Settings& settings);

}  // namespace understudy
