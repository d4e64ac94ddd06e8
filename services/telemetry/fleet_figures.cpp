#include "services/telemetry/fleet_figures.hpp"

#include <algorithm>

namespace understudy::telemetry {

void FleetFigures::see(const Record& record, const FleetView& view,
                       std::uint64_t from) {
  const std::string_view name = record.stream.endpoint_name();
  const EndpointHistory* history = view.find(name);
  const bool counts = record.sequence > from;
  const std::lock_guard lock(mutex_);
  if (counts && counting_ == Instant::never()) {
    counting_ = std::max(record.time, shown_at_);
  }
  auto found = endpoints_.find(name);
  // Late records of an endpoint that is gone must not bring it back.
  const bool gone = history == nullptr ||
                    history->endpoint.created_at.us == 0 ||
                    history->endpoint.status == EndpointStatus::deleted;
  if (gone) {
    if (found != endpoints_.end()) endpoints_.erase(found);
    return;
  }
  if (found == endpoints_.end()) {
    found = endpoints_.emplace(std::string(name), Entry{}).first;
  }
  Entry& entry = found->second;
  entry.changed = true;
  // A scrape has shown time up to `shown_at_`: a counter must not run back.
  count(entry.figures, record, *history,
        {std::max(record.time, shown_at_), counting_, counts});
}

ShownFleet FleetFigures::shown(const FleetView& view, Instant now, bool live) {
  const std::lock_guard lock(mutex_);
  shown_at_ = std::max(shown_at_, now);
  if (live && counting_ == Instant::never()) counting_ = shown_at_;
  ShownFleet fleet;
  fleet.now = now;
  fleet.integrated = shown_at_;
  fleet.counting = counting_;
  fleet.endpoints.reserve(endpoints_.size());
  for (auto& [name, entry] : endpoints_) {
    if (entry.changed) {
      if (const auto* history = view.find(name)) {
        refresh(entry.figures, *history);
      }
      entry.shown = std::make_shared<const EndpointFigures>(entry.figures);
      entry.changed = false;
    }
    fleet.endpoints.push_back({name, entry.shown});
  }
  return fleet;
}

}  // namespace understudy::telemetry
