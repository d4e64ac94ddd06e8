#pragma once

/// Lists of a fleet's endpoints, pools, instances and operations, as tables
/// and as JSON. Thread safety: functions without state.

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/result.hpp"
#include "services/projection/fleet_view.hpp"
#include "services/rendering/output.hpp"

namespace understudy {

struct Selection {
  std::string endpoint;  ///< Empty: all.
  std::string id;        ///< Of an instance or operation, `VARIANT/POOL`.
  bool all = false;      ///< What ended too.
  bool wide = false;     ///< More columns.
  /// The name of the last row of the page before this one; empty: the first
  /// page. What came in before it since is not shown, what went is no matter.
  std::string after;
  std::size_t limit = SIZE_MAX;  ///< Rows.
};

/// One row of the table, one entry of `items` and one of `names` each.
struct Listing {
  std::string kind;
  Table table;
  Json items = Json::array();
  std::vector<std::string> names;  ///< Such as `instance/chat/12-1-0`.
  std::uint64_t hidden = 0;        ///< Left out because they ended.
  std::uint64_t position = 0;      ///< Of the view's latest record.
  Instant at;
  /// The name of the last row when there are more; else empty.
  std::string next = {};
};

/// Ages are counted until `now`.
[[nodiscard]] Listing list_endpoints(const FleetView& view,
                                     const Selection& selection, Instant now);
[[nodiscard]] Listing list_pools(const FleetView& view,
                                 const Selection& selection, Instant now);
[[nodiscard]] Listing list_instances(const FleetView& view,
                                     const Selection& selection, Instant now);
[[nodiscard]] Listing list_operations(const FleetView& view,
                                      const Selection& selection, Instant now);

/// One of them by its name: `endpoints`, `pools`, `instances`, `operations`.
/// Errors: `invalid_input` for another name, or an `after` that is no row's
/// name; `not_found` when the selection
/// names an endpoint or an id that is not there.
[[nodiscard]] Result<Listing> list_of(std::string_view what,
                                      const FleetView& view,
                                      const Selection& selection, Instant now);

/// `{apiVersion, kind, position, at, items}`, and `continue` with `next`.
[[nodiscard]] Json listing_json(const Listing& listing);

/// In any form; nothing for an empty table.
void write_listing(std::ostream& out, Output output, const Listing& listing);

}  // namespace understudy
