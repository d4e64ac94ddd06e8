#pragma once

/// Keeps the simulated world in step with the log: which instances serve (a
/// gateway would see that), how many are wanted, and what the provider must
/// hold when a simulation goes on from its log.
///
/// Thread safety: none.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "actors/runtime/record.hpp"
#include "services/capacity/simulated_capacity.hpp"
#include "services/load/simulated_load.hpp"

namespace understudy {

class WorldFollower {
 public:
  /// `load` must outlive it. `owner` marks the provider's instances.
  WorldFollower(SimulatedLoad& load, std::string owner);

  /// Every record of the log, in order.
  void see(const Record& record);

  /// What is launched and not known to be gone, for `restore`.
  [[nodiscard]] std::vector<HeldInstance> held() const;

 private:
  struct Known {
    std::string variant;
    std::string pool;
    std::uint32_t max_concurrency = 1;
    bool serving = false;
  };

  void see_pool(const Record& record);
  void see_instance(const Record& record);
  void see_endpoint(const Record& record);
  void see_autoscaler(const Record& record);
  void leave(const Record& record);

  SimulatedLoad& load_;
  std::string owner_;
  std::map<std::string, Known> known_;        ///< By instance stream.
  std::map<std::string, HeldInstance> held_;  ///< By instance stream.
};

}  // namespace understudy
