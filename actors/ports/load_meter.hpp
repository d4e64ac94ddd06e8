#pragma once

/// Where load facts come from: a gateway, or a model of one. Missing data is
/// said to be missing, never handed over as zero.

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"

namespace understudy {

/// One pool's ready instances over one window. Thousandths of a request.
struct PoolLoadFact {
  std::string pool;
  std::uint32_t ready = 0;
  std::uint32_t reporting = 0;  ///< Of those, how many were metered.
  std::uint32_t max_concurrency = 1;
  std::uint64_t in_flight_milli = 0;  ///< Mean over the window, summed.
};

struct LoadFacts {
  Instant from;
  Instant to;
  std::uint32_t desired = 0;
  std::vector<PoolLoadFact> pools;
  std::uint64_t queued_milli = 0;
  /// In flight per instance at `to`, ordered by id.
  std::vector<std::pair<InstanceId, std::uint32_t>> instances;
};

/// Thread safety: all calls from any thread; windows come from any thread,
/// never from inside a call. After `stop` returned no window is begun.
class LoadMeter {
 public:
  virtual ~LoadMeter() = default;

  /// Hands over every window of `window_ms`, aligned to multiples of it
  /// since the epoch, until stopped. Again for the same variant: replaced.
  virtual void start(const std::string& endpoint, const std::string& variant,
                     std::uint32_t window_ms,
                     std::function<void(LoadFacts)> window) = 0;

  virtual void stop(const std::string& endpoint,
                    const std::string& variant) = 0;
};

}  // namespace understudy
