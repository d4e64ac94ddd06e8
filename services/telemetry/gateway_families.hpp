#pragma once

/// The one table of what /metrics of a gateway may say. The meanings are
/// those of the reference's endpoint metrics; labels name endpoint, variant,
/// pool and instance type, never an instance.
///
/// Thread safety: constant after the first call.

#include <cstdint>
#include <string_view>
#include <vector>

#include "services/telemetry/families.hpp"

namespace understudy::telemetry {

enum class GatewayFamily : std::uint8_t {
  requests,
  refused,
  in_flight,
  queued,
  model_latency,
  overhead_latency,
  queue_time,
  ready,
  haproxy_starts,
  haproxy_reloads,
  lines_dropped,
  records,
  build_info,
};

struct GatewayFamilySpec {
  GatewayFamily id = GatewayFamily::requests;
  std::string_view name;
  FamilyType type = FamilyType::gauge;
  std::string_view help;
  std::vector<std::string_view> labels;
  std::vector<double> buckets{};  ///< Upper bounds; of histograms only.
};

/// In the order of the enumeration.
[[nodiscard]] const std::vector<GatewayFamilySpec>& gateway_families();

}  // namespace understudy::telemetry
