#pragma once

/// Questions about an endpoint that are answered by yes or no: what one can
/// wait for. Thread safety: functions without state.

#include <span>
#include <string_view>

#include "actors/core/result.hpp"
#include "services/projection/views.hpp"

namespace understudy {

/// `in-service`, `failed`, `deleted`, `at-wanted-capacity`, `on-preferred`.
[[nodiscard]] std::span<const std::string_view> condition_names();

/// Whether it is so. `at-wanted-capacity` and `on-preferred` are no answers
/// about an endpoint that failed or goes: then they are false. Errors:
/// `invalid_input` for another name, with those that there are.
[[nodiscard]] Result<bool> condition_or_status(const EndpointView& endpoint,
                                               std::string_view name);

/// Whether waiting for anything else is in vain: it failed or is deleted.
[[nodiscard]] bool is_final(const EndpointView& endpoint);

}  // namespace understudy
