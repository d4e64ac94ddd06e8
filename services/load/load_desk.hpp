#pragma once

/// Where gateways report their load.
///
/// Thread safety: all calls from any thread.

#include <cstddef>

#include "actors/core/result.hpp"
#include "services/load/load_report.hpp"

namespace understudy {

class LoadDesk {
 public:
  virtual ~LoadDesk() = default;

  /// All that a gateway knows. Errors: `unavailable`, in one line.
  [[nodiscard]] virtual Result<void> report(const LoadReport& report) = 0;

  /// Gateways that report.
  [[nodiscard]] virtual std::size_t gateways() const = 0;
};

}  // namespace understudy
