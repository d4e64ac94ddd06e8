#pragma once

/// A histogram as a plain value that can be copied.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "services/telemetry/families.hpp"

namespace understudy::telemetry {

struct Buckets {
  std::vector<std::uint64_t> counts;  ///< Empty until something is observed.
  std::uint64_t count = 0;
  double sum = 0;

  void observe(const FamilySpec& family, double value) {
    const auto& bounds = family.buckets;
    counts.resize(bounds.size() + 1);
    const auto at = std::lower_bound(bounds.begin(), bounds.end(), value);
    ++counts[static_cast<std::size_t>(at - bounds.begin())];
    ++count;
    sum += value;
  }
};

}  // namespace understudy::telemetry
