#pragma once

/// A whole simulation in one file: the world, the endpoint, what is done to
/// both. services/config/README.md shows one.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/describe.hpp"
#include "actors/core/specification.hpp"
#include "services/capacity/world.hpp"
#include "services/load/load_model.hpp"

namespace understudy {

/// Recorded load on one variant of the endpoint.
struct ScenarioLoad {
  std::string variant = "primary";
  std::string trace;  ///< A file; relative to the scenario's folder.
  LoadProfile profile;
  UNDERSTUDY_FIELDS(ScenarioLoad, variant, trace, profile)
};

struct ScenarioWorld {
  ProviderWorld provider;
  InstanceWorld instances;
  UNDERSTUDY_FIELDS(ScenarioWorld, provider, instances)
};

enum class ScenarioAction : std::uint8_t {
  scale,  ///< `variant` to `desired`.
  delete_endpoint,
  close,  ///< `offering` has no capacity any more,
  open,   ///< and has again what the trace says.
};

constexpr std::array<std::string_view, 4> names_of(ScenarioAction) {
  return {"scale", "delete", "close", "open"};
}

struct ScenarioCommand {
  std::uint64_t at_s = 0;  ///< Since the start of the run.
  ScenarioAction action = ScenarioAction::scale;
  std::string variant = "primary";
  std::uint32_t desired = 0;
  Offering offering;
  UNDERSTUDY_FIELDS(ScenarioCommand, at_s, action, variant, desired, offering)
};

/// The run begins with the capacity trace, by creating the endpoint.
struct Scenario {
  std::string name;
  std::uint64_t seed = 1;
  std::uint64_t duration_s = 0;  ///< 0: to the end of the capacity trace.
  std::string capacity_trace;    ///< A file; relative to the scenario's folder.
  ScenarioWorld world;
  EndpointSpec endpoint;
  std::vector<ScenarioLoad> loads;
  std::vector<ScenarioCommand> commands;  ///< In the order of `at_s`.
  UNDERSTUDY_FIELDS(Scenario, name, seed, duration_s, capacity_trace, world,
                    endpoint, loads, commands)
};

}  // namespace understudy
