#pragma once

/// What an autoscaler wants from the outside world.

#include <cstdint>
#include <string_view>
#include <variant>

#include "actors/core/describe.hpp"

namespace understudy::autoscaler {

/// Hands over a `LoadWindow` of this variant every `window_ms`.
struct Meter {
  static constexpr std::string_view name = "meter";
  std::uint32_t window_ms = 60'000;
  UNDERSTUDY_FIELDS(Meter, window_ms)
};

using Effect = std::variant<Meter>;

}  // namespace understudy::autoscaler
