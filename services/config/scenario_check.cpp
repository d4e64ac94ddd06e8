#include "services/config/scenario_check.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "actors/core/ids.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

std::string entry(const std::string& list, std::size_t index) {
  return list + '[' + std::to_string(index) + ']';
}

const VariantSpec* find_variant(const Scenario& scenario,
                                const std::string& name) {
  for (const VariantSpec& variant : scenario.endpoint.variants) {
    if (variant.name == name) return &variant;
  }
  return nullptr;
}

Result<void> check_range(const Places& places, const std::string& path,
                         std::uint64_t value, std::uint64_t low,
                         std::uint64_t high) {
  if (value >= low && value <= high) return {};
  return places.error(path, std::to_string(value),
                      std::to_string(low) + " to " + std::to_string(high));
}

Result<void> check_variant(const Scenario& scenario, const Places& places,
                           const std::string& path, const std::string& name) {
  if (find_variant(scenario, name) != nullptr) return {};
  std::string names;
  for (const VariantSpec& variant : scenario.endpoint.variants)
    names += (names.empty() ? "" : ", ") + variant.name;
  return places.error(path, in_quotes(name) + " is no variant", names);
}

/// The first thing that is wrong with each of the delays.
Result<void> check_world(const ScenarioWorld& world, const Places& places) {
  const std::pair<const char*, DelayRange> ranges[] = {
      {"world.provider.launch", world.provider.launch},
      {"world.provider.refusal", world.provider.refusal},
      {"world.provider.terminate", world.provider.terminate},
      {"world.provider.reclaim.lifetime", world.provider.reclaim.lifetime},
      {"world.instances.startup", world.instances.startup},
      {"world.instances.drain", world.instances.drain}};
  for (const auto& [path, range] : ranges) {
    if (range.min_ms <= range.max_ms) continue;
    return places.error(
        std::string(path) + ".max_ms", std::to_string(range.max_ms),
        "min_ms (" + std::to_string(range.min_ms) + ") or more");
  }
  return check_range(places, "world.instances.start_failure_milli",
                     world.instances.start_failure_milli, 0, 1000);
}

Result<void> check_profile(const VariantSpec& variant, const Places& places,
                           const std::string& path,
                           const LoadProfile& profile) {
  constexpr std::uint32_t hour_ms = 3'600'000;
  if (auto right = check_range(places, path + ".scale_milli",
                               profile.scale_milli, 1, 1'000'000);
      !right) {
    return right;
  }
  if (auto right = check_range(places, path + ".patience_ms",
                               profile.patience_ms, 0, hour_ms);
      !right) {
    return right;
  }
  for (const auto& [pool, ms] : profile.pool_service_time_ms) {
    std::string at = path + ".pool_service_time_ms.";
    at += pool;
    const auto& pools = variant.pools;
    if (std::none_of(pools.begin(), pools.end(), [&pool = pool](const auto& p) {
          return p.name == pool;
        })) {
      return places.error(at, in_quotes(pool) + " is no pool",
                          "pools of variant " + variant.name);
    }
    if (auto right = check_range(places, at, ms, 1, hour_ms); !right)
      return right;
  }
  return check_range(places, path + ".service_time_ms", profile.service_time_ms,
                     1, hour_ms);
}

Result<void> check_loads(const Scenario& scenario, const Places& places) {
  std::set<std::string> loaded;
  for (std::size_t i = 0; i < scenario.loads.size(); ++i) {
    const ScenarioLoad& load = scenario.loads[i];
    const std::string path = entry("loads", i);
    if (auto right =
            check_variant(scenario, places, path + ".variant", load.variant);
        !right) {
      return right;
    }
    if (!loaded.insert(load.variant).second) {
      return places.error(path + ".variant",
                          in_quotes(load.variant) + " has a load already",
                          "one load for each variant");
    }
    const VariantSpec& variant = *find_variant(scenario, load.variant);
    if (auto right =
            check_profile(variant, places, path + ".profile", load.profile);
        !right) {
      return right;
    }
  }
  return {};
}

Result<void> check_commands(const Scenario& scenario, const Places& places) {
  std::uint64_t last_s = 0;
  for (std::size_t i = 0; i < scenario.commands.size(); ++i) {
    const ScenarioCommand& command = scenario.commands[i];
    const std::string path = entry("commands", i);
    if (command.at_s < last_s) {
      return places.error(
          path + ".at_s", std::to_string(command.at_s),
          std::to_string(last_s) + " or later: commands in their order");
    }
    last_s = command.at_s;
    if (command.action != ScenarioAction::scale) continue;
    if (auto right =
            check_variant(scenario, places, path + ".variant", command.variant);
        !right) {
      return right;
    }
  }
  return {};
}

Result<void> check_offering(const CapacityTrace& trace, const Places& places,
                            const std::string& path, const Offering& offering) {
  if (!trace.steps(offering).empty()) return {};
  std::string zones;
  for (const Offering& known : trace.offerings()) {
    if (known.instance_type != offering.instance_type) continue;
    if (known.market != offering.market) continue;
    zones += (zones.empty() ? "" : ", ") + known.zone;
  }
  const std::string kind =
      offering.instance_type + " as " + std::string(name_of(offering.market));
  return places.error(
      path,
      in_quotes(offering.zone) + " does not offer it in the capacity trace",
      zones.empty() ? "a trace that has " + kind
                    : "for " + kind + ": " + zones);
}

}  // namespace

Result<void> check_scenario(const Scenario& scenario, const Places& places) {
  if (!valid_name(scenario.name)) {
    return places.error("name", in_quotes(scenario.name),
                        "1 to 63 letters, digits and inner hyphens");
  }
  if (auto right = check_world(scenario.world, places); !right) return right;
  if (auto right = check_loads(scenario, places); !right) return right;
  return check_commands(scenario, places);
}

Result<void> check_against_trace(Scenario& scenario, const CapacityTrace& trace,
                                 const Places& places) {
  const auto length_s =
      static_cast<std::uint64_t>(ms_between(trace.start(), trace.end()) / 1000);
  if (scenario.duration_s == 0) scenario.duration_s = length_s;
  if (scenario.duration_s > length_s) {
    return places.error("duration_s", std::to_string(scenario.duration_s),
                        "up to the trace's " + std::to_string(length_s));
  }
  const auto& variants = scenario.endpoint.variants;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    for (std::size_t p = 0; p < variants[v].pools.size(); ++p) {
      const PoolSpec& pool = variants[v].pools[p];
      const std::string path =
          "endpoint." + entry(entry("variants", v) + ".pools", p);
      for (std::size_t z = 0; z < pool.zones.size(); ++z) {
        if (auto known = check_offering(
                trace, places, entry(path + ".zones", z), pool.offering(z));
            !known) {
          return known;
        }
      }
    }
  }
  for (std::size_t i = 0; i < scenario.commands.size(); ++i) {
    const ScenarioCommand& command = scenario.commands[i];
    const std::string path = entry("commands", i);
    if (command.at_s > scenario.duration_s) {
      return places.error(
          path + ".at_s", std::to_string(command.at_s),
          "up to the run's " + std::to_string(scenario.duration_s));
    }
    if (command.action != ScenarioAction::close &&
        command.action != ScenarioAction::open) {
      continue;
    }
    if (auto known = check_offering(trace, places, path + ".offering.zone",
                                    command.offering);
        !known) {
      return known;
    }
  }
  return {};
}

}  // namespace understudy
