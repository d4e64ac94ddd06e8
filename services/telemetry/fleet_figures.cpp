#include "services/telemetry/fleet_figures.hpp"

#include <algorithm>

namespace understudy::telemetry {
namespace {

FleetSums sums_of(const EndpointHistory& history) {
  EndpointFigures figures;
  begin(figures, history, {});
  refresh(figures, history);
  FleetSums sums;
  sums.add(figures);
  return sums;
}

}  // namespace

void FleetFigures::see(const Record& record, const FleetView& view,
                       std::uint64_t from) {
  const std::string_view name = record.stream.endpoint_name();
  const EndpointHistory* history = view.find(name);
  const bool counts = record.sequence > from;
  const std::lock_guard lock(mutex_);
  if (counts && counting_ == Instant::never()) {
    counting_ = std::max(record.time, shown_at_);
  }
  // A scrape has shown time up to `shown_at_`: a counter must not run back.
  const Moment moment{std::max(record.time, shown_at_), counting_, counts};
  // Late records of an endpoint that is gone must not bring it back.
  const bool gone = history == nullptr ||
                    history->endpoint.created_at.us == 0 ||
                    history->endpoint.status == EndpointStatus::deleted;
  if (gone) return let_go(name, view, moment);
  auto found = endpoints_.find(name);
  if (found == endpoints_.end()) {
    const auto other = left_out_.find(name);
    if (other != left_out_.end()) {
      other->second.changed = true;
      return;
    }
    if (endpoints_.size() >= max_endpoints_) {
      left_out_[std::string(name)].number = ++created_;
      waiting_.emplace(created_, name);
      return;
    }
    found = endpoints_.emplace(std::string(name), Entry{}).first;
  }
  found->second.changed = true;
  count(found->second.figures, record, *history, moment);
}

void FleetFigures::let_go(std::string_view name, const FleetView& view,
                          const Moment& moment) {
  if (const auto other = left_out_.find(name); other != left_out_.end()) {
    waiting_.erase(other->second.number);
    left_out_.erase(other);
    return;
  }
  const auto found = endpoints_.find(name);
  if (found == endpoints_.end()) return;
  endpoints_.erase(found);
  if (waiting_.empty()) return;
  const auto next = waiting_.begin();
  Entry& entry = endpoints_[next->second];
  if (const auto* history = view.find(next->second))
    begin(entry.figures, *history, moment);
  left_out_.erase(next->second);
  waiting_.erase(next);
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
  fleet.left_out = left_out_.size();
  for (auto& [name, other] : left_out_) {
    const auto* history = other.changed ? view.find(name) : nullptr;
    if (history != nullptr) {
      other.sums = sums_of(*history);
      other.changed = false;
    }
    fleet.others.add(other.sums);
  }
  return fleet;
}

}  // namespace understudy::telemetry
