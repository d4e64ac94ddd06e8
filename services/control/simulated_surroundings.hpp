#pragma once

/// Capacity, instances and load of a recording, in real or faster time.
///
/// The simulated provider lives in this process. What it held when the
/// process ended is taken from a file of its own, or else from the log. The
/// recording begins at its own
/// first instant, and time stands still while no daemon runs.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/capacity/bounded_capacity.hpp"
#include "services/capacity/held_file.hpp"
#include "services/capacity/simulated_capacity.hpp"
#include "services/capacity/simulated_probe.hpp"
#include "services/clock/wall_clock.hpp"
#include "services/config/scenario_document.hpp"
#include "services/control/surroundings.hpp"
#include "services/load/simulated_load.hpp"
#include "services/simulation/world_follower.hpp"

namespace understudy {

struct SimulatedOptions {
  /// A capacity trace, or a scenario, whose world and loads are used.
  std::string file;
  std::string owner = "understudy";
  std::uint32_t speed = 1;
  /// Instant of the log's last decision, or 0: time goes on from there.
  Instant last;
  CapacityLimits limits;
  /// Where the provider keeps what it holds; empty: taken from the log.
  std::string held_file;
  /// Told in one line when that file cannot be written, once until it can be
  /// again. May be empty.
  std::function<void(const std::string&)> trouble = {};
};

class SimulatedSurroundings final : public Surroundings {
 public:
  /// Errors: as `read_scenario` and `CapacityTrace::read`.
  [[nodiscard]] static Result<std::unique_ptr<SimulatedSurroundings>> open(
      const SimulatedOptions& options);

  World world() override { return {clock_, bounded_, probe_, load_}; }
  void see(const Record& record) override { follower_.see(record); }
  void recovered() override;

  [[nodiscard]] SimulatedCapacity& capacity() { return capacity_; }
  [[nodiscard]] const BoundedCapacity& calls() const { return bounded_; }
  [[nodiscard]] Clock& clock() { return clock_; }

 private:
  SimulatedSurroundings(const SimulatedOptions& options,
                        const ScenarioDocument& input,
                        std::unique_ptr<HeldFile> held_file);

  Result<void> keep(const std::vector<HeldInstance>& instances, bool held);

  std::unique_ptr<HeldFile> held_file_;
  const std::function<void(const std::string&)> trouble_;
  bool troubled_ = false;  ///< Under the provider's lock, as the file.
  WallClock clock_;
  SimulatedCapacity capacity_;
  BoundedCapacity bounded_;
  SimulatedProbe probe_;
  SimulatedLoad load_;
  WorldFollower follower_;
};

}  // namespace understudy
