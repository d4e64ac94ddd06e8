#pragma once

/// How instances are seen from outside: probes and, when one is drained, the
/// requests that it still has in flight.
///
/// A watch reports whenever a threshold is reached (so many good or bad
/// probes in a row), not every probe: steady health costs nothing.

#include <cstdint>
#include <functional>
#include <string>

#include "actors/core/instant.hpp"

namespace understudy {

struct WatchCall {
  std::string stream;  ///< The instance's stream, its name for us.
  std::string provider_ref;
  std::string address;
  std::uint32_t probe_interval_ms = 0;
  std::uint32_t healthy_threshold = 1;
  std::uint32_t unhealthy_threshold = 1;
  Instant launched_at;
  std::string ping_path = "/ping";
  std::uint32_t probe_timeout_ms = 2'000;  ///< May exceed the interval.
};

struct ProbeOutcome {
  bool healthy = false;
  bool failed_start = false;  ///< Its process ended before it was ready.
  std::uint32_t consecutive = 0;
  std::string detail;
};

struct DrainCall {
  std::string stream;
  std::string address;
  Instant since;
  Instant deadline;
};

/// Thread safety: all calls from any thread; reports come from any thread,
/// never from inside a call. After `forget` returned no report is begun.
class HealthProbe {
 public:
  virtual ~HealthProbe() = default;

  virtual void watch(const WatchCall& call,
                     std::function<void(ProbeOutcome)> report) = 0;

  /// Answers once with the requests in flight: 0, or what is left at the
  /// deadline.
  virtual void await_drained(const DrainCall& call,
                             std::function<void(std::uint32_t)> done) = 0;

  /// Ends the watch and the drain of this stream, if any.
  virtual void forget(const std::string& stream) = 0;
};

}  // namespace understudy
