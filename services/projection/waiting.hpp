#pragma once

/// What an endpoint waits for. Thread safety: functions without state.

#include <cstdint>
#include <string>
#include <vector>

#include "services/projection/fleet_view.hpp"

namespace understudy {

/// One thing that has to happen, in one sentence, with the times that belong
/// to it: 0 where there is none.
struct WaitView {
  std::string variant;
  OperationId operation;  ///< 0: the instances are there and not yet ready.
  std::uint32_t instances = 0;
  std::string text;
  Instant next_attempt;  ///< At the latest.
  Instant deadline;
  std::int64_t left_ms = 0;  ///< Until the deadline; 0 when it is over.
  UNDERSTUDY_FIELDS(WaitView, variant, operation, instances, text, next_attempt,
                    deadline, left_ms)
};

/// Empty when nothing is missing, and once an endpoint failed or goes.
[[nodiscard]] std::vector<WaitView> waits_of(const EndpointHistory& history,
                                             Instant now);

}  // namespace understudy
