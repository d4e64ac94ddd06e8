#pragma once

/// What the kernel says of this process.
///
/// Thread safety: any thread.

#include <optional>

namespace understudy::telemetry {

/// Absent where the kernel does not tell.
struct ProcessFacts {
  std::optional<double> cpu_seconds;
  std::optional<double> resident_bytes;
  std::optional<double> virtual_bytes;
  std::optional<double> open_files;
  std::optional<double> max_files;
  std::optional<double> start_time_seconds;  ///< Since the Unix epoch.
};

[[nodiscard]] ProcessFacts read_process_facts();

}  // namespace understudy::telemetry
