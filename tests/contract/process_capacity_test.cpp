#include "services/capacity/process_capacity.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "services/capacity/bounded_capacity.hpp"
#include "services/clock/wall_clock.hpp"
#include "tests/contract/capacity_provider_contract.hpp"
#include "tests/support/process_world.hpp"

namespace understudy {
namespace {

class ProcessHarness : public CapacityProviderHarness {
 public:
  CapacityProvider& provider() override { return *provider_; }
  [[nodiscard]] Instant now() const override { return clock_.now(); }
  bool run_until(const std::function<bool()>& done) override {
    return test::eventually(done);
  }

  [[nodiscard]] Offering roomy() const override { return {"roomy", "local"}; }
  [[nodiscard]] Offering exhausted() const override { return {"dry", "local"}; }
  [[nodiscard]] Offering impossible() const override {
    return {"broken", "local"};
  }

 protected:
  static ProcessCatalogue catalogue() {
    ProcessCatalogue all;
    all.offerings.push_back(test::offering("roomy", 4, {"sleep", "600"}));
    all.offerings.push_back(test::offering("dry", 0, {"sleep", "600"}));
    all.offerings.push_back(test::offering("broken", 4, {"/no/such/program"}));
    return all;
  }

  test::ProcessWorld world_;
  WallClock clock_;
  std::unique_ptr<ProcessCapacity> provider_ =
      test::open_provider(clock_, catalogue(), world_.directory());
};

/// Behind the bounds that a daemon puts around every provider.
class BoundedProcessHarness final : public ProcessHarness {
 public:
  CapacityProvider& provider() override { return bounded_; }

 private:
  BoundedCapacity bounded_{clock_, *provider_, {{2, 1}, 120'000}};
};

std::unique_ptr<CapacityProviderHarness> make_processes() {
  return std::make_unique<ProcessHarness>();
}

std::unique_ptr<CapacityProviderHarness> make_bounded_processes() {
  return std::make_unique<BoundedProcessHarness>();
}

std::string process_harness_name(
    const testing::TestParamInfo<CapacityProviderContract::ParamType>& made) {
  return made.index == 0 ? "Alone" : "Bounded";
}

INSTANTIATE_TEST_SUITE_P(Process, CapacityProviderContract,
                         testing::Values(&make_processes,
                                         &make_bounded_processes),
                         process_harness_name);

}  // namespace
}  // namespace understudy
