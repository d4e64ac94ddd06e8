#pragma once

/// A control plane over a fresh log with simulated capacity, for tests of
/// what serves it. Zone `a` never has capacity, `b` has little, `c` plenty.

#include <chrono>
#include <fstream>
#include <memory>
#include <string>

#include "actors/core/check.hpp"
#include "services/control/embedded_plane.hpp"
#include "services/control/simulated_surroundings.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace understudy {

class ServedFleet {
 public:
  ServedFleet() {
    const auto trace = directory_.path() / "zones.capacity";
    std::ofstream(trace) << "understudy-capacity 1\n"
                            "start 2026-01-01T00:00:00Z\n"
                            "offering 0 gpu zone-a spot\n"
                            "offering 1 gpu zone-b spot\n"
                            "offering 2 gpu zone-c spot\n"
                            "0 0 0\n"
                            "0 1 2\n"
                            "0 2 1000000\n"
                            "end 2027-01-01T00:00:00Z\n";
    SimulatedOptions world;
    world.file = trace;
    world.speed = 1000;
    auto surroundings = SimulatedSurroundings::open(world);
    UNDERSTUDY_CHECK(surroundings.ok());
    surroundings_ = std::move(surroundings).value();
    ControlOptions options;
    options.log_directory = directory_.path() / "log";
    options.log.durability = Durability::os;
    auto plane = EmbeddedPlane::open(options, *surroundings_, {}, {});
    UNDERSTUDY_CHECK(plane.ok());
    plane_ = std::move(plane).value();
    UNDERSTUDY_CHECK(plane_->await_ready(std::chrono::minutes(1)));
  }
  ~ServedFleet() { plane_->stop(); }
  ServedFleet(const ServedFleet&) = delete;
  ServedFleet& operator=(const ServedFleet&) = delete;

  [[nodiscard]] ControlPlane& plane() { return *plane_; }
  [[nodiscard]] SimulatedCapacity& capacity() {
    return surroundings_->capacity();
  }
  [[nodiscard]] std::filesystem::path path() const { return directory_.path(); }

  /// A command that creates an endpoint of pools in the zones a, b and c.
  static std::string creation(const std::string& command,
                              const std::string& endpoint, int count = 1) {
    std::string pools;
    int priority = 0;
    for (const char* zone : {"zone-a", "zone-b", "zone-c"}) {
      pools += std::string(pools.empty() ? "" : ",") + R"({"name":"in-)" +
               zone + R"(","instance_type":"gpu","market":"spot","zones":[")" +
               zone + R"("],"priority":)" + std::to_string(++priority) + '}';
    }
    return R"({"command":")" + command + R"(","endpoint":")" + endpoint +
           R"(","create":{"spec":{"variants":[{"initial_count":)" +
           std::to_string(count) + R"(,"pools":[)" + pools + "]}]}}}";
  }

 private:
  test::TemporaryDirectory directory_;
  std::unique_ptr<SimulatedSurroundings> surroundings_;
  std::unique_ptr<ControlPlane> plane_;
};

}  // namespace understudy
