#pragma once

/// How each event changes the read model, by the kind of actor it is of.
/// Events that are not shown change nothing. Used by FleetView alone.

#include "services/projection/fleet_view.hpp"

namespace understudy {

/// Where an event stands.
struct Seen {
  const StreamId& stream;
  Instant at;
  std::uint64_t position = 0;
};

void fold_endpoint(EndpointHistory& history, const Seen& seen,
                   const AnyEvent& event);
void fold_pool(EndpointHistory& history, const Seen& seen,
               const AnyEvent& event);
void fold_instance(EndpointHistory& history, const Seen& seen,
                   const AnyEvent& event);

/// Says anew what holds; `since` moves only when the answer changes.
void update_conditions(EndpointHistory& history, Instant at);

}  // namespace understudy
