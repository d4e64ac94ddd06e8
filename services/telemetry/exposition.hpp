#pragma once

/// All figures together, and how they are written down for a scrape.
///
/// Thread safety: all calls from any thread; `see` from one at a time.

#include <cstddef>
#include <string>

#include "services/telemetry/daemon_figures.hpp"
#include "services/telemetry/fleet_figures.hpp"

namespace understudy::telemetry {

class Exposition {
 public:
  explicit Exposition(const std::string& version,
                      std::size_t max_endpoints = 1'000)
      : fleet_(max_endpoints), daemon_(version) {}

  void see(const Record& record, const FleetView& view, std::uint64_t from);

  [[nodiscard]] DaemonFigures& daemon() { return daemon_; }

  /// What `text` will say of the endpoints; nothing may change `view` until
  /// it returns.
  [[nodiscard]] ShownFleet show(const DaemonNow& daemon, const FleetView& view,
                                Instant now);

  [[nodiscard]] std::string text(const DaemonNow& daemon,
                                 const ShownFleet& fleet);

 private:
  FleetFigures fleet_;
  DaemonFigures daemon_;
};

}  // namespace understudy::telemetry
