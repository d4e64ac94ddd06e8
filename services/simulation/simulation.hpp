#pragma once

/// The whole system on virtual time against recorded capacity and load. The
/// log it writes is like any other.
///
/// A run is a function of scenario and seed: the same gives the same log,
/// byte for byte. A run that was interrupted goes on from its log: what the
/// runtime recovers and what the simulated world is told from the log is all
/// there is to know.
///
/// Thread safety: none; everything runs on the caller's thread.

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "services/capacity/capacity_ledger.hpp"
#include "services/config/scenario_document.hpp"
#include "services/load/load_model.hpp"

namespace understudy {

struct SimulationProgress {
  Instant start;
  Instant now;
  Instant end;
  std::uint64_t sequence = 0;  ///< Of the last record.
};

struct SimulationOptions {
  /// Called once for each simulated hour, and at the end; may be empty.
  std::function<void(const SimulationProgress&)> progress;
  /// Asked often; true ends the run early and cleanly. May be empty.
  std::function<bool()> interrupted;
};

struct SimulationResult {
  SimulationProgress reached;
  std::uint64_t resumed_from = 0;  ///< Records that the log held before.
  std::uint64_t digest = 0;        ///< Of the fleet at the end.
  std::map<Offering, LaunchTotals> launches;
  std::map<std::string, LoadTotals> loads;  ///< By variant.
  std::string status;                       ///< Of the endpoint at the end.
  bool interrupted = false;
};

/// Runs `input` into `log` from where the log ends. Errors: the log's own,
/// and `corrupt` when it does not hold.
Result<SimulationResult> simulate(const ScenarioDocument& input, EventLog& log,
                                  const SimulationOptions& options = {});

}  // namespace understudy
