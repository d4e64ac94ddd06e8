#include "services/control/simulated_surroundings.hpp"

#include <algorithm>
#include <utility>

namespace understudy {
namespace {

bool is_trace(const std::string& file) { return file.ends_with(".capacity"); }

Result<ScenarioDocument> read_input(const std::string& file) {
  if (!is_trace(file)) return read_scenario(file);
  auto trace = CapacityTrace::read(file);
  if (!trace) return trace.error();
  return ScenarioDocument{{}, std::move(trace).value(), {}, Places(file)};
}

}  // namespace

Result<std::unique_ptr<SimulatedSurroundings>> SimulatedSurroundings::open(
    const SimulatedOptions& options) {
  const auto input = read_input(options.file);
  if (!input) return input.error();
  std::unique_ptr<HeldFile> held_file;
  if (!options.held_file.empty()) {
    auto opened = HeldFile::open(options.held_file);
    if (!opened) return opened.error();
    held_file = std::move(opened).value();
  }
  return std::unique_ptr<SimulatedSurroundings>(
      new SimulatedSurroundings(options, input.value(), std::move(held_file)));
}

SimulatedSurroundings::SimulatedSurroundings(
    const SimulatedOptions& options, const ScenarioDocument& input,
    std::unique_ptr<HeldFile> held_file)
    : held_file_(std::move(held_file)),
      trouble_(options.trouble),
      clock_({std::max(input.capacity.start(), options.last), options.speed}),
      capacity_(clock_, input.capacity, input.scenario.world.provider,
                input.scenario.seed),
      bounded_(clock_, capacity_, options.limits),
      probe_(clock_, input.scenario.world.instances, input.scenario.seed),
      load_(clock_),
      follower_(load_, options.owner) {
  for (std::size_t i = 0; i < input.loads.size(); ++i) {
    const ScenarioLoad& load = input.scenario.loads[i];
    load_.add(input.scenario.endpoint.name, load.variant, input.loads[i],
              load.profile);
  }
}

void SimulatedSurroundings::recovered() {
  if (!held_file_) {
    capacity_.restore(follower_.held());
    return;
  }
  capacity_.restore(held_file_->held());
  capacity_.on_held([this](const std::vector<HeldInstance>& instances,
                           bool held) { return keep(instances, held); });
}

Result<void> SimulatedSurroundings::keep(
    const std::vector<HeldInstance>& instances, bool held) {
  const auto kept =
      held ? held_file_->launched(instances)
           : held_file_->gone(instances.front().token, instances.front().index);
  if (!kept && !troubled_ && trouble_) {
    trouble_(
        "the simulated provider cannot keep what it holds, and launches "
        "nothing until it can: " +
        kept.error().message);
  }
  troubled_ = !kept.ok();
  return kept;
}

}  // namespace understudy
