#include "services/projection/fleet_view.hpp"

#include <algorithm>
#include <optional>
#include <utility>

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

namespace {

/// Whether an instance is gone and the endpoint does not count it any more.
bool is_over(const EndpointHistory& history, InstanceId id) {
  const auto found = history.instances.find(id);
  return found != history.instances.end() && found->second.ended_at.us != 0 &&
         !found->second.held;
}

/// The instance that a record may be the last word about.
std::optional<InstanceId> ending_instance(const Record& record) {
  if (is_one_of<instance::InstanceTerminated, instance::InstanceLost>(
          record.event)) {
    return parse_instance_id(record.stream.part(1));
  }
  if (const auto* left = std::get_if<endpoint::InstanceLeft>(&record.event)) {
    return left->instance;
  }
  if (const auto* asked =
          std::get_if<endpoint::DrainRequested>(&record.event)) {
    return asked->instance;
  }
  return std::nullopt;
}

std::optional<OperationId> ended_operation(const AnyEvent& event) {
  if (const auto* one = std::get_if<endpoint::OperationCompleted>(&event)) {
    return one->operation;
  }
  if (const auto* one = std::get_if<endpoint::ProvisioningTimedOut>(&event)) {
    return one->operation;
  }
  return std::nullopt;
}

/// The operation of a decision that is taken for it again and again.
OperationId walked_operation(const AnyEvent& event) {
  if (const auto* one = std::get_if<endpoint::PoolsExhausted>(&event)) {
    return one->operation;
  }
  if (const auto* one = std::get_if<endpoint::FallbackChosen>(&event)) {
    return one->operation;
  }
  return {};
}

/// A fallback between other pools says something new; another walk in vain
/// does not.
bool repeats(const DecisionView& earlier, const DecisionView& now) {
  return now.operation.value != 0 && earlier.operation == now.operation &&
         earlier.event == now.event &&
         (earlier.text == now.text ||
          now.event == endpoint::PoolsExhausted::name);
}

}  // namespace

void FleetView::see(const Record& record) {
  ++records_;
  position_ = record.sequence;
  time_ = std::max(time_, record.time);
  const std::string_view name = record.stream.endpoint_name();
  auto found = endpoints_.find(name);
  if (found == endpoints_.end()) {
    if (options_.deleted_endpoints != 0 &&
        !std::holds_alternative<endpoint::EndpointCreated>(record.event)) {
      return;
    }
    found = endpoints_.emplace(std::string(name), EndpointHistory{}).first;
    found->second.endpoint.name = name;
  }
  EndpointHistory& history = found->second;
  const auto ending = ending_instance(record);
  const bool was_over = ending && is_over(history, *ending);
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
  if (ending && !was_over && is_over(history, *ending)) {
    forget_instances(history, *ending);
  }
  if (const auto ended = ended_operation(record.event)) {
    forget_operations(history, *ended);
  }
  if (std::holds_alternative<endpoint::EndpointDeleted>(record.event)) {
    forget_endpoints(found->first);
  }
}

void FleetView::forget_instances(EndpointHistory& history, InstanceId ended) {
  if (options_.ended_instances == 0) return;
  history.ended_instances.push_back(ended);
  if (history.ended_instances.size() <= options_.ended_instances) return;
  history.instances.erase(history.ended_instances.front());
  history.ended_instances.pop_front();
}

void FleetView::forget_operations(EndpointHistory& history, OperationId ended) {
  if (options_.ended_operations == 0) return;
  history.ended_operations.push_back(ended);
  if (history.ended_operations.size() <= options_.ended_operations) return;
  const auto oldest = history.operations.find(history.ended_operations.front());
  history.ended_operations.pop_front();
  if (oldest == history.operations.end()) return;
  // What a pool was still asked for will not be heard of any more.
  for (const RequestView& request : oldest->second.requests) {
    PoolView* pool = history.pool(oldest->second.variant, request.pool);
    if (pool != nullptr) pool->asked -= std::min(pool->asked, request.open());
  }
  history.operations.erase(oldest);
}

void FleetView::forget_endpoints(const std::string& deleted) {
  if (options_.deleted_endpoints == 0) return;
  // A name may have been deleted before and lived again.
  std::erase(deleted_, deleted);
  deleted_.push_back(deleted);
  if (deleted_.size() <= options_.deleted_endpoints) return;
  const auto oldest = endpoints_.find(deleted_.front());
  deleted_.pop_front();
  if (oldest != endpoints_.end() &&
      oldest->second.endpoint.status == EndpointStatus::deleted) {
    endpoints_.erase(oldest);
  }
}

void FleetView::remember(EndpointHistory& history, const Record& record) {
  if (options_.decisions == 0) return;
  auto& all = history.endpoint.decisions;
  DecisionView now{record.sequence,
                   record.time,
                   std::string(event_name(record.event)),
                   summary(record.event),
                   walked_operation(record.event),
                   1,
                   record.time};
  if (!all.empty() && repeats(all.back(), now)) {
    now.count += all.back().count;
    now.first_at = all.back().first_at;
    all.back() = std::move(now);
    return;
  }
  if (all.size() >= options_.decisions) all.erase(all.begin());
  all.push_back(std::move(now));
}

const EndpointHistory* FleetView::find(std::string_view endpoint) const {
  const auto found = endpoints_.find(endpoint);
  return found == endpoints_.end() ? nullptr : &found->second;
}

}  // namespace understudy
