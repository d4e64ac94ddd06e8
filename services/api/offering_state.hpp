#pragma once

/// One offering of the simulated provider, as the API shows it. Thread
/// safety: plain values.

#include <cstdint>
#include <string_view>
#include <vector>

#include "services/api/message.hpp"
#include "services/capacity/simulated_capacity.hpp"
#include "services/codec/json.hpp"

namespace understudy {

struct OfferingState {
  Offering offering;
  std::uint32_t capacity = 0;  ///< As the trace has it now.
  std::uint32_t held = 0;
  bool closed = false;
  std::vector<Script> scripts;
};

[[nodiscard]] OfferingState state_of(const SimulatedCapacity& provider,
                                     const Offering& offering, Instant now);
[[nodiscard]] Json state_json(const OfferingState& state);

/// The action that gave such an answer.
[[nodiscard]] std::string_view action_of(Scripted answer);

[[nodiscard]] ApiAnswer capacity_not_simulated();

}  // namespace understudy
