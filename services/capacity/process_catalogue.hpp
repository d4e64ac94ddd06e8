#pragma once

/// What one machine offers: for each offering the command that serves a
/// model there, and how many of it may run at once. The file is described in
/// services/capacity/README.md and read by services/config.
///
/// Thread safety: plain values.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "actors/core/describe.hpp"
#include "actors/core/specification.hpp"

namespace understudy {

/// In `command` and the values of `environment` these are filled in: {port}
/// {host} {model} {endpoint} {instance} {max_concurrency}. Everything else
/// stands as it is; no shell reads it.
struct ProcessOffering {
  std::string instance_type;
  std::string zone = "local";
  Market market = Market::on_demand;
  std::uint32_t capacity = 1;  ///< Instances at once, all daemons together.
  /// The program, an absolute path or a name to be found in PATH, and its
  /// arguments.
  std::vector<std::string> command;
  std::string working_directory;  ///< Empty: the instance's own.
  std::map<std::string, std::string> environment;
  std::uint64_t price_micros_per_hour = 0;  ///< For people; pools say theirs.
  std::uint32_t max_concurrency = 0;        ///< 0: what the pool says.
  UNDERSTUDY_FIELDS(ProcessOffering, instance_type, zone, market, capacity,
                    command, working_directory, environment,
                    price_micros_per_hour, max_concurrency)

  [[nodiscard]] Offering offering() const {
    return {instance_type, zone, market};
  }
};

struct PortRange {
  std::uint32_t from = 21'000;
  std::uint32_t to = 28'999;  ///< Included.
  UNDERSTUDY_FIELDS(PortRange, from, to)
};

struct ProcessCatalogue {
  /// The address at which instances are reached, and at which their ports
  /// must be free.
  std::string host = "127.0.0.1";
  PortRange ports;
  /// From TERM to KILL.
  std::uint32_t termination_grace_ms = 10'000;
  std::vector<ProcessOffering> offerings;
  UNDERSTUDY_FIELDS(ProcessCatalogue, host, ports, termination_grace_ms,
                    offerings)

  /// Null when there is no such offering.
  [[nodiscard]] const ProcessOffering* find(const Offering& offering) const {
    for (const ProcessOffering& one : offerings) {
      if (one.offering() == offering) return &one;
    }
    return nullptr;
  }
};

}  // namespace understudy
