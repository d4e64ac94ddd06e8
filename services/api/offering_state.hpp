#pragma once

/// One offering of the provider, as the API shows it. Thread safety: plain
/// values.

#include <cstdint>
#include <string_view>
#include <vector>

#include "services/api/message.hpp"
#include "services/capacity/operated_capacity.hpp"
#include "services/codec/json.hpp"

namespace understudy {

[[nodiscard]] Json state_json(const OfferingState& state);

/// The action that gave such an answer.
[[nodiscard]] std::string_view action_of(Scripted answer);

/// What a provider could not do. Errors: as those of `OperatedCapacity`.
[[nodiscard]] ApiAnswer capacity_problem(const Error& error);
/// The provider cannot be operated at all.
[[nodiscard]] ApiAnswer capacity_not_operated();

}  // namespace understudy
