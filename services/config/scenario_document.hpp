#pragma once

/// A scenario read whole: its file, its traces, and whether they fit.
///
/// Thread safety: plain values.

#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "services/capacity/capacity_trace.hpp"
#include "services/config/places.hpp"
#include "services/config/scenario.hpp"
#include "services/load/load_trace.hpp"

namespace understudy {

struct ScenarioDocument {
  /// Valid, with defaults filled in; `duration_s` is never 0, and trace
  /// files are named from the working folder.
  Scenario scenario;
  CapacityTrace capacity;
  std::vector<LoadTrace> loads;  ///< One for each of `scenario.loads`.
  Places places;
};

/// Errors: as `read_text_file`, for any of the files, and `invalid_input`
/// that names file, line, column and field.
[[nodiscard]] Result<ScenarioDocument> read_scenario(const std::string& path);

/// The scenario alone, without its traces. `file` stands in messages and
/// says where traces are.
[[nodiscard]] Result<Scenario> parse_scenario(const std::string& file,
                                              const std::string& text,
                                              Places& places);

}  // namespace understudy
