#include "services/config/scenario_document.hpp"

#include <filesystem>
#include <utility>

#include "services/config/endpoint_document.hpp"
#include "services/config/scenario_check.hpp"
#include "services/config/yaml_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

std::string beside(const std::string& file, const std::string& trace) {
  return (std::filesystem::path(file).parent_path() / trace)
      .lexically_normal()
      .string();
}

}  // namespace

Result<Scenario> parse_scenario(const std::string& file,
                                const std::string& text, Places& places) {
  const auto root = parse_yaml(file, text);
  if (!root) return root.error();
  YamlReader reader(file);
  Scenario scenario;
  if (!reader.read(root.value(), "", scenario)) return reader.error();
  places = std::move(reader.places());
  if (auto checked = check_endpoint(scenario.endpoint, places, "endpoint.");
      !checked) {
    return checked.error();
  }
  if (auto checked = check_scenario(scenario, places); !checked)
    return checked.error();
  scenario.capacity_trace = beside(file, scenario.capacity_trace);
  for (ScenarioLoad& load : scenario.loads)
    load.trace = beside(file, load.trace);
  return scenario;
}

Result<ScenarioDocument> read_scenario(const std::string& path) {
  const auto text = read_text_file(path, largest_document);
  if (!text) return text.error();
  Places places(path);
  auto scenario = parse_scenario(path, text.value(), places);
  if (!scenario) return scenario.error();
  auto capacity = CapacityTrace::read(scenario.value().capacity_trace);
  if (!capacity) return capacity.error();
  ScenarioDocument document{std::move(scenario).value(),
                            std::move(capacity).value(),
                            {},
                            std::move(places)};
  for (const ScenarioLoad& load : document.scenario.loads) {
    auto trace = LoadTrace::read(load.trace);
    if (!trace) return trace.error();
    document.loads.push_back(std::move(trace).value());
  }
  if (auto fits = check_against_trace(document.scenario, document.capacity,
                                      document.places);
      !fits) {
    return fits.error();
  }
  return document;
}

}  // namespace understudy
