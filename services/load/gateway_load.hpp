#pragma once

/// Load as gateways report it, metered per variant: the mean of each
/// instance's requests in flight over a window, summed over the gateways.
///
/// What is not known is missing, never zero: an instance counts as reporting
/// while every gateway that routes here has spoken of it of late. A gateway
/// that fell silent makes what it knew unknown, until it is forgotten: then
/// it is taken to be gone. One that leaves in good order says so. Whoever has
/// only begun to listen has not heard all gateways yet, and knows nothing.
///
/// Queued requests of a variant that has no instance and wants none are not
/// kept waiting for the window's end: it is handed over early, once.
///
/// Thread safety: all calls from any thread; `see` from one at a time.
/// Ownership: the clock must outlive it. Windows come on the clock's thread.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/core/ids.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/load_meter.hpp"
#include "actors/runtime/record.hpp"
#include "services/clock/timer_group.hpp"
#include "services/load/instance_load.hpp"
#include "services/load/load_desk.hpp"
#include "services/load/load_report.hpp"

namespace understudy {

struct GatewayLoadOptions {
  std::uint32_t stale_ms = 5'000;    ///< A report says nothing after that.
  std::uint32_t forget_ms = 60'000;  ///< A silent gateway is gone.
  /// Gateways have so long to be heard of; after that, none means that
  /// nobody routes.
  std::uint32_t first_ms = 15'000;
  /// In this time each gateway that is there has told all it knows.
  std::uint32_t settle_ms = 3'000;
  std::size_t most_gateways = 64;
};

class GatewayLoad final : public LoadMeter,
                          public InstanceLoad,
                          public LoadDesk {
 public:
  explicit GatewayLoad(Clock& clock, GatewayLoadOptions options = {});

  /// Every record of the log, in order.
  void see(const Record& record);

  /// Errors: `unavailable` when too many gateways report.
  [[nodiscard]] Result<void> report(const LoadReport& report) override;
  /// As `report`, of a gateway that tells of its endpoints one by one: what
  /// it does not speak of stays as it is, for as long as it is fresh.
  [[nodiscard]] Result<void> report_some(const LoadReport& report);
  /// Whether reports would be heard if there were any; they would at first.
  void hears(bool now);

  void start(const std::string& endpoint, const std::string& variant,
             std::uint32_t window_ms,
             std::function<void(LoadFacts)> window) override;
  void stop(const std::string& endpoint, const std::string& variant) override;

  /// Known once every gateway says that it gives it no new request, 0 where
  /// there is no gateway.
  [[nodiscard]] std::optional<std::uint32_t> in_flight(
      const std::string& stream) const override;

  [[nodiscard]] std::size_t gateways() const override;

 private:
  using Key = std::pair<std::string, std::string>;  ///< Endpoint, variant.

  /// What is known of an instance from the log.
  struct Instance {
    std::string variant;
    std::string pool;
    std::uint32_t max_concurrency = 1;
    bool ready = false;
    bool draining = false;
    bool served = false;  ///< It was ready once.
  };
  /// A number that was reported, and its sum over time.
  struct Level {
    std::uint32_t value = 0;
    bool draining = false;
    Instant since;  ///< Of the first report.
    Instant at;
    std::uint64_t area = 0;     ///< Value times microseconds.
    std::uint64_t covered = 0;  ///< Microseconds that are known.
  };
  struct Mark {
    std::uint64_t area = 0;
    std::uint64_t covered = 0;
  };
  struct Gateway {
    Instant at;
    std::map<std::string, Level> instances;  ///< By stream.
    std::map<std::string, Level> queued;     ///< By endpoint.
  };
  /// One that left, and by its own clock when.
  struct Left {
    std::uint64_t made_us = 0;
    Instant at;
  };
  struct Window {
    std::uint32_t window_ms = 0;
    std::function<void(LoadFacts)> hand_over;
    Instant from;
    TimerGroup::Id timer = 0;
    bool early = false;  ///< Was handed over before its end.
    /// By gateway and stream or endpoint, as of `from`.
    std::map<std::pair<std::string, std::string>, Mark> marks;
  };

  void see_endpoint(const Record& record);
  void specify(const EndpointSpec& spec);
  void see_instance(const Record& record);
  Result<void> take(const LoadReport& report, bool whole);
  void leave(const LoadReport& report, Instant now);
  [[nodiscard]] bool late(const LoadReport& report) const;
  void note(Gateway& gateway, const LoadReport& report, bool whole,
            Instant now);
  void update(Level& level, std::uint32_t value, bool draining, Instant now);
  [[nodiscard]] Mark at(const Level& level, Instant now) const;
  void forget(Instant now);
  void set_timer(const Key& key, Window& window, Instant to);
  void end_window(const Key& key, Instant to);
  [[nodiscard]] std::vector<std::function<void()>> early_windows(
      const LoadReport& report, Instant now);
  [[nodiscard]] std::function<void()> early_window(const Key& key,
                                                   Window& window, Instant now);
  [[nodiscard]] LoadFacts facts(const Key& key, const Window& window,
                                Instant to) const;
  void add_instance(const std::string& stream, const Instance& instance,
                    const Window& window, PoolLoadFact& pool,
                    LoadFacts& facts) const;
  void begin_window(const Key& key, Window& window, Instant from);
  [[nodiscard]] std::optional<std::uint64_t> mean_milli(
      const Window& window, const std::string& gateway, const std::string& name,
      const Level& level, Instant to) const;
  [[nodiscard]] bool fresh(const Level& level, Instant now) const;
  /// Whether all gateways have been heard that are there.
  [[nodiscard]] bool settled(Instant now) const;

  Clock& clock_;
  const GatewayLoadOptions options_;
  mutable std::mutex mutex_;
  bool hears_ = true;
  Instant begun_;   ///< To listen.
  Instant pruned_;  ///< When old levels were last looked for.
  std::map<std::string, Instance> instances_;  ///< By stream.
  std::map<Key, std::uint32_t> desired_;
  /// Maximum concurrency by pool: those without an instance count too.
  std::map<Key, std::map<std::string, std::uint32_t>> pools_;
  std::map<std::string, Gateway> gateways_;
  std::map<std::string, Left> left_;
  std::map<Key, Window> windows_;
  TimerGroup timers_;  // Last: its functions use everything above.
};

}  // namespace understudy
