#pragma once

/// Instances that start, serve and drain as the simulated world says, each
/// with delays drawn by its id: a watch that is set again after a restart
/// reports at the very instant at which the first one would have.
///
/// Thread safety: all calls from any thread. Ownership: the clock must
/// outlive it. Reports run on the clock's thread, outside of its lock.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "actors/ports/clock.hpp"
#include "actors/ports/health_probe.hpp"
#include "services/capacity/world.hpp"
#include "services/clock/timer_group.hpp"

namespace understudy {

class SimulatedProbe final : public HealthProbe {
 public:
  SimulatedProbe(Clock& clock, InstanceWorld world, std::uint64_t seed);

  /// Reports once: ready, or a start that failed. Again for the same stream:
  /// replaced.
  void watch(const WatchCall& call,
             std::function<void(ProbeOutcome)> report) override;
  /// What cannot finish by the deadline leaves one request.
  void await_drained(const DrainCall& call,
                     std::function<void(std::uint32_t)> done) override;
  void forget(const std::string& stream) override;

  /// Reports a watched instance unhealthy at once. Nothing when nobody
  /// watches it.
  void make_unhealthy(const std::string& stream, const std::string& detail);

 private:
  struct Watch {
    WatchCall call;
    std::function<void(ProbeOutcome)> report;
    TimerGroup::Id timer = 0;
  };
  struct Drain {
    std::function<void(std::uint32_t)> done;
    TimerGroup::Id timer = 0;
  };

  void report(const std::string& stream, const ProbeOutcome& outcome);
  void drained(const std::string& stream, std::uint32_t left);

  Clock& clock_;
  const InstanceWorld world_;
  const std::uint64_t seed_;

  std::mutex mutex_;
  std::map<std::string, Watch> watches_;  ///< By stream.
  std::map<std::string, Drain> drains_;   ///< By stream.
  TimerGroup timers_;  // Last: its functions use everything above.
};

}  // namespace understudy
