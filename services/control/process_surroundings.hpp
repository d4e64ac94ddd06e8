#pragma once

/// Real time, and the processes of this machine as instances.
///
/// Thread safety: as `Surroundings`.

#include <memory>
#include <string>

#include "services/capacity/bounded_capacity.hpp"
#include "services/capacity/process_capacity.hpp"
#include "services/clock/wall_clock.hpp"
#include "services/control/surroundings.hpp"
#include "services/health/http_probe.hpp"
#include "services/load/instance_load.hpp"
#include "services/load/no_load.hpp"

namespace understudy {

struct ProcessOptions {
  std::string catalogue;  ///< A file.
  std::string directory;  ///< Shared by all daemons of the machine.
  CapacityLimits limits;
  /// Both of a gateway, both null without one. They must outlive the
  /// surroundings.
  LoadMeter* meter = nullptr;
  const InstanceLoad* load = nullptr;
};

class ProcessSurroundings final : public Surroundings {
 public:
  /// Errors: as `read_catalogue` and `ProcessCapacity::open`.
  [[nodiscard]] static Result<std::unique_ptr<ProcessSurroundings>> open(
      const ProcessOptions& options);
  ~ProcessSurroundings() override;

  World world() override;
  void see(const Record& /*record*/) override {}
  void recovered() override {}

  [[nodiscard]] ProcessCapacity& capacity() { return *capacity_; }

 private:
  explicit ProcessSurroundings(const ProcessOptions& options);
  void join();

  const ProcessOptions options_;
  WallClock clock_;
  NoLoad no_load_;
  std::unique_ptr<ProcessCapacity> capacity_;
  std::unique_ptr<BoundedCapacity> bounded_;
  std::unique_ptr<HttpProbe> probe_;
};

}  // namespace understudy
