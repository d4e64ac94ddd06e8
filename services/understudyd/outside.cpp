#include "services/understudyd/outside.hpp"

#include <string>
#include <utility>

#include "services/config/catalogue_document.hpp"
#include "services/control/process_surroundings.hpp"
#include "services/control/simulated_surroundings.hpp"
#include "services/logging/logging.hpp"

namespace understudy {
namespace {

std::string after_colon(const std::string& text) {
  return text.substr(text.find(':') + 1);
}

bool is_process(const Settings& settings) {
  return settings.capacity.starts_with("process:");
}

CapacityLimits limits_of(const Settings& settings) {
  const EffectSettings& effects = settings.effects;
  return {{effects.max_calls, effects.max_calls_per_endpoint},
          effects.call_timeout_ms};
}

Result<Outside> open_processes(const Settings& settings, GatewayLoad& load) {
  auto opened = ProcessSurroundings::open({after_colon(settings.capacity),
                                           settings.process.directory,
                                           limits_of(settings), &load, &load});
  if (!opened) return opened.error();
  ProcessCapacity& capacity = opened.value()->capacity();
  return Outside{std::move(opened).value(), &capacity, &capacity, &load};
}

Result<Outside> open_simulation(const Settings& settings, Instant last) {
  auto opened = SimulatedSurroundings::open(
      {after_colon(settings.capacity), settings.owner, settings.clock.speed,
       last, limits_of(settings), settings.simulation.held_file,
       [](const std::string& what) { log_line(LogLevel::error, what); }});
  if (!opened) return opened.error();
  SimulatedCapacity& capacity = opened.value()->capacity();
  return Outside{std::move(opened).value(), &capacity, nullptr, nullptr};
}

}  // namespace

Result<Outside> open_outside(const Settings& settings, Instant last,
                             GatewayLoad& load) {
  if (is_process(settings)) return open_processes(settings, load);
  return open_simulation(settings, last);
}

Result<void> check_outside(const Settings& settings) {
  if (is_process(settings)) {
    const auto catalogue = read_catalogue(after_colon(settings.capacity));
    if (!catalogue) return catalogue.error();
    return {};
  }
  const auto world = SimulatedSurroundings::open(
      {after_colon(settings.capacity), settings.owner, 1, {}, {}, {}});
  if (!world) return world.error();
  return {};
}

}  // namespace understudy
