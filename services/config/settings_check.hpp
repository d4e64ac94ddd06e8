#pragma once

/// What settings must be like beyond the types of their fields.
///
/// Thread safety: pure function.

#include "actors/core/result.hpp"
#include "services/config/places.hpp"
#include "services/config/settings.hpp"

namespace understudy {

/// The first rule that is broken, with its key; the place is that in the
/// file, where the file holds the key.
[[nodiscard]] Result<void> check_settings(const Settings& settings,
                                          const Places& places);

}  // namespace understudy
