#pragma once

/// An endpoint owes the outside world nothing of its own: its pools and
/// instances act, its answers to commands are read from its state.

#include <string_view>
#include <variant>

#include "actors/core/describe.hpp"

namespace understudy::endpoint {

struct NoEffect {
  static constexpr std::string_view name = "no-effect";
  UNDERSTUDY_FIELDS(NoEffect)
};

using Effect = std::variant<NoEffect>;

}  // namespace understudy::endpoint
