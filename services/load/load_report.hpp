#pragma once

/// What a gateway tells of its load about once a second: a fact for each
/// instance that it routes to and each endpoint, never one for a request.
///
/// Thread safety: plain values and functions without state.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/describe.hpp"
#include "actors/core/result.hpp"

namespace understudy {

struct ReportedInstance {
  std::string instance;  ///< `request-attempt-index`.
  std::uint32_t in_flight = 0;
  bool draining = false;       ///< It gets no new request from this gateway.
  std::uint32_t rate = 0;      ///< Requests in the last second.
  std::uint64_t requests = 0;  ///< Since the gateway's proxy began, as below.
  std::uint64_t errors_4xx = 0;
  std::uint64_t errors_5xx = 0;
  std::uint64_t response_ms = 0;  ///< Until the head came, mean of the latest.
  UNDERSTUDY_FIELDS(ReportedInstance, instance, in_flight, draining, rate,
                    requests, errors_4xx, errors_5xx, response_ms)
};

struct ReportedEndpoint {
  std::string endpoint;
  std::uint32_t queued = 0;  ///< Requests that no instance has taken yet.
  std::vector<ReportedInstance> instances;
  UNDERSTUDY_FIELDS(ReportedEndpoint, endpoint, queued, instances)
};

struct LoadReport {
  std::string gateway;   ///< Its name, unlike that of any other.
  bool leaving = false;  ///< The last one: nothing is in flight here.
  std::vector<ReportedEndpoint> endpoints;
  /// When, by the gateway's own clock, which only it is measured by: what
  /// comes after its last report and is older says nothing. 0: not known.
  std::uint64_t made_us = 0;
  UNDERSTUDY_FIELDS(LoadReport, gateway, leaving, endpoints, made_us)
};

/// Fields that this build does not know are passed over. Errors:
/// `invalid_input` that names the field, or line and column.
[[nodiscard]] Result<LoadReport> parse_load_report(std::string_view json);
[[nodiscard]] std::string load_report_text(const LoadReport& report);

}  // namespace understudy
