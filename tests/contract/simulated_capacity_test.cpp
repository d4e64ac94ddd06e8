#include "services/capacity/simulated_capacity.hpp"

#include <memory>
#include <string>
#include <thread>

#include "services/capacity/bounded_capacity.hpp"
#include "services/clock/virtual_clock.hpp"
#include "services/clock/wall_clock.hpp"
#include "tests/contract/capacity_provider_contract.hpp"

namespace understudy {
namespace {

CapacityTrace trace() {
  auto read = CapacityTrace::parse("contract",
                                   "understudy-capacity 1\n"
                                   "start 2025-01-01T00:00:00Z\n"
                                   "offering 0 h100 roomy spot\n"
                                   "offering 1 h100 dry spot\n"
                                   "0 0 4\n0 1 0\n"
                                   "end 2025-01-02T00:00:00Z\n");
  return std::move(read).value();
}

class SimulatedHarness : public CapacityProviderHarness {
 public:
  [[nodiscard]] Offering roomy() const override {
    return {"h100", "roomy", Market::spot};
  }
  [[nodiscard]] Offering exhausted() const override {
    return {"h100", "dry", Market::spot};
  }
  [[nodiscard]] Offering impossible() const override {
    return {"h100", "roomy", Market::on_demand};
  }
};

class VirtualHarness final : public SimulatedHarness {
 public:
  CapacityProvider& provider() override { return provider_; }
  [[nodiscard]] Instant now() const override { return clock_.now(); }
  bool run_until(const std::function<bool()>& done) override {
    while (!done()) {
      if (!clock_.fire_next()) return false;
    }
    return true;
  }

 private:
  VirtualClock clock_{trace().start()};
  SimulatedCapacity provider_{clock_, trace(), {}, 1};
};

std::unique_ptr<CapacityProviderHarness> make_virtual() {
  return std::make_unique<VirtualHarness>();
}

/// A million times as fast as real time, on a thread of its own.
class WallHarness final : public SimulatedHarness {
 public:
  CapacityProvider& provider() override { return provider_; }
  [[nodiscard]] Instant now() const override { return clock_.now(); }
  bool run_until(const std::function<bool()>& done) override {
    while (!done())
      std::this_thread::yield();
    return true;
  }

 private:
  WallClock clock_{{trace().start(), 1'000'000}};
  SimulatedCapacity provider_{clock_, trace(), {}, 1};
};

std::unique_ptr<CapacityProviderHarness> make_wall() {
  return std::make_unique<WallHarness>();
}

/// Behind the bounds that a daemon puts around every provider.
class BoundedHarness final : public SimulatedHarness {
 public:
  CapacityProvider& provider() override { return bounded_; }
  [[nodiscard]] Instant now() const override { return clock_.now(); }
  bool run_until(const std::function<bool()>& done) override {
    while (!done()) {
      if (!clock_.fire_next()) return false;
    }
    return true;
  }

 private:
  VirtualClock clock_{trace().start()};
  SimulatedCapacity provider_{clock_, trace(), {}, 1};
  BoundedCapacity bounded_{clock_, provider_, {{2, 1}, 120'000}};
};

std::unique_ptr<CapacityProviderHarness> make_bounded() {
  return std::make_unique<BoundedHarness>();
}

std::string harness_name(
    const testing::TestParamInfo<CapacityProviderContract::ParamType>& made) {
  if (made.index == 0) return "VirtualTime";
  return made.index == 1 ? "WallTime" : "Bounded";
}

INSTANTIATE_TEST_SUITE_P(Simulated, CapacityProviderContract,
                         testing::Values(&make_virtual, &make_wall,
                                         &make_bounded),
                         harness_name);

}  // namespace
}  // namespace understudy
