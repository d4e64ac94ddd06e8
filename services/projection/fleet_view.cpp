#include "services/projection/fleet_view.hpp"

#include <algorithm>

#include "services/projection/fold.hpp"
#include "services/projection/wording.hpp"

namespace understudy {
namespace {

template <class... Events>
bool is_one_of(const AnyEvent& event) {
  return (std::holds_alternative<Events>(event) || ...);
}

/// Decisions that a person asks about first. What follows an autoscaler's
/// decision says nothing that the decision does not say.
bool worth_showing(const AnyEvent& event) {
  if (const auto* out = std::get_if<endpoint::ScaleOut>(&event)) {
    return !out->command.empty();
  }
  if (const auto* in = std::get_if<endpoint::ScaleIn>(&event)) {
    return !in->command.empty();
  }
  return is_one_of<endpoint::EndpointCreated, endpoint::EndpointUpdated,
                   endpoint::FallbackChosen, endpoint::PoolsExhausted,
                   endpoint::ProvisioningTimedOut, endpoint::EndpointInService,
                   endpoint::EndpointFailed, endpoint::InstanceLeft,
                   endpoint::CommandRefused, endpoint::EndpointDeleting,
                   endpoint::EndpointDeleted, autoscaler::ScalingDecided>(
      event);
}

}  // namespace

Instant PoolView::closed_until() const {
  Instant earliest = Instant::never();
  for (const OfferingView& one : offerings) {
    if (one.infeasible) continue;
    earliest = std::min(earliest, one.cooling_until);
  }
  return earliest == Instant::never() ? Instant{} : earliest;
}

VariantView* EndpointHistory::variant(std::string_view name) {
  for (VariantView& one : endpoint.variants) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

PoolView* EndpointHistory::pool(std::string_view variant_name,
                                std::string_view name) {
  VariantView* found = variant(variant_name);
  if (found == nullptr) return nullptr;
  for (PoolView& one : found->pools) {
    if (one.spec.name == name) return &one;
  }
  return nullptr;
}

RequestView* EndpointHistory::request(OperationId operation, RequestId id) {
  const auto found = operations.find(operation);
  if (found == operations.end()) return nullptr;
  auto& all = found->second.requests;
  const auto it =
      std::find_if(all.rbegin(), all.rend(),
                   [id](const RequestView& one) { return one.request == id; });
  return it == all.rend() ? nullptr : &*it;
}

void FleetView::see(const Record& record) {
  ++records_;
  position_ = record.sequence;
  time_ = std::max(time_, record.time);
  const std::string_view name = record.stream.endpoint_name();
  auto found = endpoints_.find(name);
  if (found == endpoints_.end()) {
    found = endpoints_.emplace(std::string(name), EndpointHistory{}).first;
    found->second.endpoint.name = name;
  }
  EndpointHistory& history = found->second;
  const Seen seen{record.stream, record.time, record.sequence};
  switch (record.stream.kind()) {
    case ActorKind::endpoint:
      fold_endpoint(history, seen, record.event);
      update_conditions(history, record.time);
      break;
    case ActorKind::pool:
      fold_pool(history, seen, record.event);
      break;
    case ActorKind::instance:
      fold_instance(history, seen, record.event);
      update_conditions(history, record.time);
      break;
    case ActorKind::autoscaler:
      break;
  }
  if (worth_showing(record.event)) remember(history, record);
}

void FleetView::remember(EndpointHistory& history, const Record& record) {
  if (decisions_ == 0) return;
  auto& all = history.endpoint.decisions;
  if (all.size() >= decisions_) all.erase(all.begin());
  all.push_back({record.sequence, record.time,
                 std::string(event_name(record.event)), summary(record.event)});
}

const EndpointHistory* FleetView::find(std::string_view endpoint) const {
  const auto found = endpoints_.find(endpoint);
  return found == endpoints_.end() ? nullptr : &found->second;
}

}  // namespace understudy
