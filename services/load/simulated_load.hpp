#pragma once

/// Recorded load on simulated instances, metered as a gateway would.
///
/// It is told what became of the instances, with the instants that the log
/// gives them: live, as it happens, and after a restart of a simulation once
/// more for the whole log, before the first `start`. Either way it comes to
/// the same state and hands over the same windows.
///
/// Thread safety: all calls from any thread. Ownership: the clock must
/// outlive it. Windows come on the clock's thread, outside of its lock.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/load_meter.hpp"
#include "services/clock/timer_group.hpp"
#include "services/load/load_model.hpp"
#include "services/load/load_trace.hpp"

namespace understudy {

class SimulatedLoad final : public LoadMeter {
 public:
  explicit SimulatedLoad(Clock& clock);

  /// What comes to a variant; before anything else about it. Without it the
  /// variant's instances report nothing.
  void add(const std::string& endpoint, const std::string& variant,
           LoadTrace trace, LoadProfile profile);

  void start(const std::string& endpoint, const std::string& variant,
             std::uint32_t window_ms,
             std::function<void(LoadFacts)> window) override;
  void stop(const std::string& endpoint, const std::string& variant) override;

  /// From instance-ready on it takes requests, until it drains or is lost.
  void instance_ready(const std::string& endpoint, const std::string& variant,
                      const std::string& pool, InstanceId id,
                      std::uint32_t max_concurrency, Instant at);
  void instance_left(const std::string& endpoint, InstanceId id, Instant at);
  void set_desired(const std::string& endpoint, const std::string& variant,
                   std::uint32_t desired, Instant at);
  /// The endpoint failed or is being deleted: requests come no more.
  void endpoint_closed(const std::string& endpoint, Instant at);
  /// The log holds a window of this variant that ends at `to`: it is not
  /// handed over again.
  void window_seen(const std::string& endpoint, const std::string& variant,
                   Instant to);

  /// Up to `at`, or to the last thing it was told when that is later.
  [[nodiscard]] LoadTotals totals(const std::string& endpoint,
                                  const std::string& variant, Instant at);

 private:
  using Key = std::pair<std::string, std::string>;  ///< Endpoint, variant.

  struct Variant {
    LoadModel model;
    std::uint32_t desired = 0;
    Instant known_since;
    Instant handed_over;  ///< End of the last window.
    std::uint32_t window_ms = 0;
    std::function<void(LoadFacts)> window;
    TimerGroup::Id timer = 0;
  };

  Variant& variant(const std::string& endpoint, const std::string& name,
                   Instant at);
  void set_timer(const Key& key, Variant& variant, Instant to);
  void hand_over(const Key& key, Instant to);

  Clock& clock_;

  std::mutex mutex_;
  std::map<Key, std::pair<std::shared_ptr<const LoadTrace>, LoadProfile>>
      profiles_;
  std::map<Key, Variant> variants_;
  TimerGroup timers_;  // Last: its functions use everything above.
};

}  // namespace understudy
