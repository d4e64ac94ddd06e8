#pragma once

/// Capacity that an operator can see and change while the daemon runs, as far
/// as a provider lets him: the one interface behind /v1/capacity.
///
/// Thread safety: all calls from any thread.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/core/result.hpp"
#include "actors/core/specification.hpp"

namespace understudy {

/// An answer on demand, in place of what the provider would say.
enum class Scripted : std::uint8_t {
  quota,
  throttled,
  infeasible,
  unknown_launched,  ///< No answer, yet the instances were launched.
  unknown_lost,      ///< No answer, and nothing happened.
};

struct Script {
  Scripted answer = Scripted::quota;
  std::uint32_t calls = 1;           ///< So many launch calls; 0: all
  Instant until = Instant::never();  ///< made before this instant.
  std::uint32_t retry_after_ms = 0;  ///< With throttled.
};

enum class CapacityAction : std::uint8_t {
  close,
  open,
  quota,
  throttle,
  infeasible,
  unknown,
};

constexpr std::array<std::string_view, 6> names_of(CapacityAction) {
  return {"close", "open", "quota", "throttle", "infeasible", "unknown"};
}

struct CapacityChange {
  Offering offering;
  CapacityAction action = CapacityAction::close;
  std::uint32_t calls = 1;
  std::uint32_t retry_after_ms = 1000;
  UNDERSTUDY_FIELDS(CapacityChange, offering, action, calls, retry_after_ms)
};

struct OfferingState {
  Offering offering;
  std::uint32_t capacity = 0;  ///< In all, now.
  std::uint32_t held = 0;
  bool closed = false;
  std::vector<Script> scripts;
};

class OperatedCapacity {
 public:
  virtual ~OperatedCapacity() = default;

  /// Every offering, in a fixed order. Errors: `unavailable`.
  [[nodiscard]] virtual Result<std::vector<OfferingState>> offering_states()
      const = 0;

  /// Errors: `not_found` when there is no such offering, `invalid_input` when
  /// this provider knows no such action, `unavailable`.
  virtual Result<OfferingState> change_offering(
      const CapacityChange& change) = 0;
};

}  // namespace understudy
