#pragma once

/// Who knows how many requests a draining instance still has in flight:
/// whoever routed them there.
///
/// Thread safety: all calls from any thread.

#include <cstdint>
#include <optional>
#include <string>

namespace understudy {

class InstanceLoad {
 public:
  virtual ~InstanceLoad() = default;

  /// By the instance's stream. Nothing: not known just now, or it may still
  /// get new ones, which is never the same as none.
  [[nodiscard]] virtual std::optional<std::uint32_t> in_flight(
      const std::string& stream) const = 0;
};

}  // namespace understudy
