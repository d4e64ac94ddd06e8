#pragma once

/// Folds the records of a fleet into its routes.
///
/// Thread safety: none. It keeps copies of what it needs.

#include <cstdint>
#include <map>
#include <string>

#include "actors/runtime/record.hpp"
#include "services/gateway/route.hpp"
#include "services/projection/fleet_view.hpp"

namespace understudy::gateway {

/// What the view does not show, and routes need.
struct RouteFacts {
  struct Variant {
    Balance balance = Balance::least_outstanding;
    std::string path = "/invocations";
  };
  std::map<std::string, Variant> endpoints;
  /// By the stream of the instance.
  std::map<std::string, std::uint32_t> max_concurrency;
};

/// Depends on its arguments alone.
[[nodiscard]] RouteTable derive_routes(const FleetView& view,
                                       const RouteFacts& facts);

class FleetRoutes {
 public:
  FleetRoutes();

  /// Takes in the next record of the log.
  void see(const Record& record);

  [[nodiscard]] RouteTable routes() const {
    return derive_routes(view_, facts_);
  }
  [[nodiscard]] std::uint64_t records() const { return view_.records(); }

 private:
  void specify(const EndpointSpec& spec);

  FleetView view_;
  RouteFacts facts_;
};

}  // namespace understudy::gateway
