#pragma once

/// What `get` lists, as a table and as JSON.

#include <cstdint>
#include <string>

#include "services/cli/output.hpp"
#include "services/projection/fleet_view.hpp"

namespace understudy {

struct Selection {
  std::string endpoint;  ///< Empty: all.
  std::string id;        ///< Of an instance, operation, pool; or empty.
  bool all = false;      ///< What ended too.
  bool wide = false;
};

struct Listing {
  std::string kind;
  Table table;
  Json items = Json::array();
  std::uint64_t hidden = 0;  ///< Left out because they ended.
};

[[nodiscard]] Listing list_endpoints(const FleetView& view,
                                     const Selection& selection);
[[nodiscard]] Listing list_pools(const FleetView& view,
                                 const Selection& selection);
[[nodiscard]] Listing list_instances(const FleetView& view,
                                     const Selection& selection);
[[nodiscard]] Listing list_operations(const FleetView& view,
                                      const Selection& selection);

}  // namespace understudy
