#pragma once

/// What an instance owes the outside world. Effects compare by value.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "actors/core/describe.hpp"
#include "actors/core/instant.hpp"

namespace understudy::instance {

/// Probes it; answered by `ProbeReport` whenever a threshold is reached. The
/// same effect from launch until it stops being watched.
struct Watch {
  static constexpr std::string_view name = "watch";
  std::string provider_ref;
  std::string address;
  std::uint32_t probe_interval_ms = 0;
  std::uint32_t healthy_threshold = 1;
  std::uint32_t unhealthy_threshold = 1;
  Instant launched_at;
  std::string ping_path;
  std::uint32_t probe_timeout_ms = 0;
  UNDERSTUDY_FIELDS(Watch, provider_ref, address, probe_interval_ms,
                    healthy_threshold, unhealthy_threshold, launched_at,
                    ping_path, probe_timeout_ms)
};

/// Waits until nothing is in flight; answered by `DrainFinished`.
struct AwaitDrained {
  static constexpr std::string_view name = "await-drained";
  std::string address;
  Instant since;
  Instant deadline;
  UNDERSTUDY_FIELDS(AwaitDrained, address, since, deadline)
};

/// Ends it at the provider, repeated until `Gone`.
struct Terminate {
  static constexpr std::string_view name = "terminate";
  std::string provider_ref;
  Instant requested_at;
  UNDERSTUDY_FIELDS(Terminate, provider_ref, requested_at)
};

using Effect = std::variant<Watch, AwaitDrained, Terminate>;

}  // namespace understudy::instance
