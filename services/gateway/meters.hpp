#pragma once

/// The gateway's figures: what HAProxy tells of each request, by the labels
/// that the routes give it, and how everything stood at the last look.
///
/// Thread safety: all calls from any thread.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "services/gateway/proxy_keeper.hpp"
#include "services/gateway/request_lines.hpp"
#include "services/gateway/route.hpp"
#include "services/load/load_report.hpp"
#include "services/telemetry/gateway_figures.hpp"

namespace understudy::gateway {

class Meters {
 public:
  /// Listens for HAProxy's lines. Errors: as those of `RequestLines`.
  [[nodiscard]] Result<void> listen(const ProxyOptions& options);
  void stop();

  void take(const RequestLine& line);

  /// How it stands: the routes and the facts of one look.
  void looked(const RouteTable& routes, const LoadReport& report,
              const Look& look);

  /// The text of /metrics; the rest of `now` is filled in.
  [[nodiscard]] std::string text(telemetry::GatewayNow now) const;

 private:
  /// Lines of a server may come a while after it is gone.
  struct Known {
    telemetry::ServedBy by;
    int looks_since = 0;  ///< Without it.
  };

  mutable std::mutex mutex_;
  std::map<std::string, Known> servers_;  ///< By the name of the server.
  std::set<std::string> endpoints_;
  TextMap slots_;  ///< To the endpoints that have them.
  telemetry::GatewayNow now_;
  telemetry::GatewayFigures figures_;
  std::unique_ptr<RequestLines> lines_;  // Last: it calls `take`.
};

}  // namespace understudy::gateway
