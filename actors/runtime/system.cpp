#include "actors/runtime/system.hpp"

#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "actors/core/check.hpp"

namespace understudy {
namespace {

/// Without a limit one busy actor could hold a worker for ever.
constexpr std::int64_t messages_per_turn = 256;

}  // namespace

void Runtime::System::configure(caf::actor_system_config& config, Mode mode,
                                std::size_t threads) {
  if (mode == Mode::stepped) {
    config.set("scheduler.policy", caf::atom("testing"));
    return;
  }
  // One queue that idle workers sleep on. Work stealing, CAF's default, polls:
  // a hop to an idle worker then takes up to 10 ms, and an idle fleet costs
  // processor time.
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", static_cast<std::int64_t>(threads));
  config.set("scheduler.max-throughput", messages_per_turn);
}

Runtime::System::System(Mode mode, std::size_t threads)
    : actors((configure(config, mode, threads), config)) {}

Runtime::Runtime(Mode mode, std::size_t threads)
    : mode_(mode), system_(std::make_unique<System>(mode, threads)) {}

Runtime::~Runtime() = default;

void Runtime::drain() {
  UNDERSTUDY_CHECK(mode_ == Mode::stepped);
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(
      system_->actors.scheduler());
  scheduler.run();
}

}  // namespace understudy
