#pragma once

/// What a gateway counts, and how it is written down for a scrape.
///
/// Thread safety: all calls from any thread.

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "services/telemetry/gateway_families.hpp"

namespace understudy::telemetry {

/// Where a request went.
struct ServedBy {
  std::string endpoint;
  std::string variant;
  std::string pool;
  std::string instance_type;
  friend auto operator<=>(const ServedBy&, const ServedBy&) = default;
};

/// One finished request. Times that did not come to be are negative.
struct FinishedRequest {
  ServedBy by;  ///< Without a pool: no instance got it.
  int status = 0;
  bool aborted = false;
  double queue_s = -1;
  double model_s = -1;
  double total_s = -1;
};

/// What is so at the scrape.
struct GatewayNow {
  std::map<ServedBy, std::uint64_t> in_flight;
  std::map<std::string, std::uint64_t> queued;  ///< By endpoint.
  bool ready = false;
  std::uint64_t haproxy_starts = 0;
  std::uint64_t haproxy_reloads = 0;
  std::uint64_t lines_dropped = 0;
  std::uint64_t records = 0;
  std::string version;
};

class GatewayFigures {
 public:
  void finished(const FinishedRequest& request);
  /// Forgets what was counted of an endpoint that is gone.
  void forget(const std::string& endpoint);

  [[nodiscard]] std::string text(const GatewayNow& now) const;

 private:
  struct Histogram {
    std::vector<std::uint64_t> counts;
    std::uint64_t count = 0;
    double sum = 0;
  };
  using Labels = std::vector<std::string>;

  void observe(GatewayFamily family, const Labels& labels, double value);

  mutable std::mutex mutex_;
  std::map<GatewayFamily, std::map<Labels, std::uint64_t>> counters_;
  std::map<GatewayFamily, std::map<Labels, Histogram>> histograms_;
};

}  // namespace understudy::telemetry
