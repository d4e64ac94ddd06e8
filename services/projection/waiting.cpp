#include "services/projection/waiting.hpp"

#include <algorithm>

#include "services/projection/wording.hpp"

namespace understudy {
namespace {

/// The offering that opens first, of all that cool down; null without one.
const OfferingView* first_to_open(const VariantView& variant, Instant now) {
  const OfferingView* first = nullptr;
  for (const PoolView& pool : variant.pools) {
    for (const OfferingView& one : pool.offerings) {
      if (one.infeasible || one.cooling_until <= now) continue;
      if (first == nullptr || one.cooling_until < first->cooling_until) {
        first = &one;
      }
    }
  }
  return first;
}

const VariantView* find_variant(const EndpointView& endpoint,
                                const std::string& name) {
  for (const VariantView& one : endpoint.variants) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::string pools_asked(const OperationView& operation) {
  std::string pools;
  for (const RequestView& request : operation.requests) {
    if (request.open() == 0) continue;
    pools += pools.empty() ? "" : ", ";
    pools += request.pool;
  }
  return pools;
}

WaitView wait_of(const EndpointView& endpoint, const OperationView& operation,
                 Instant now) {
  WaitView wait;
  wait.variant = operation.variant;
  wait.operation = operation.id;
  wait.instances = operation.missing();
  wait.deadline = operation.deadline;
  wait.left_ms = std::max<std::int64_t>(0, ms_between(now, operation.deadline));
  wait.text = counted(wait.instances, "instance") + " of operation " +
              to_string(operation.id) + " (" +
              std::string(name_of(operation.kind)) + ") ";
  if (operation.status != OperationStatus::waiting) {
    const std::string pools = pools_asked(operation);
    wait.text += pools.empty() ? "will be asked for"
                               : "asked of " + pools + ": no answer yet";
    return wait;
  }
  if (operation.retry_at.us == 0) {
    wait.text += "wait: no pool can satisfy the specification";
    return wait;
  }
  wait.next_attempt = operation.retry_at;
  wait.text += "wait for a pool to open";
  const VariantView* variant = find_variant(endpoint, operation.variant);
  const OfferingView* opening =
      variant == nullptr ? nullptr : first_to_open(*variant, now);
  if (opening != nullptr) {
    wait.text += "; " + to_string(opening->offering) + " opens first, at " +
                 time_text(opening->cooling_until);
  }
  return wait;
}

}  // namespace

std::vector<WaitView> waits_of(const EndpointHistory& history, Instant now) {
  const EndpointView& endpoint = history.endpoint;
  std::vector<WaitView> waits;
  if (endpoint.status != EndpointStatus::creating &&
      endpoint.status != EndpointStatus::in_service) {
    return waits;
  }
  for (const auto& [id, one] : history.operations) {
    if (one.ended_at.us != 0 || one.missing() == 0) continue;
    waits.push_back(wait_of(endpoint, one, now));
  }
  for (const VariantView& variant : endpoint.variants) {
    if (variant.held <= variant.ready) continue;
    WaitView wait;
    wait.variant = variant.name;
    wait.instances = variant.held - variant.ready;
    wait.text = counted(wait.instances, "instance") + " of variant " +
                variant.name + " launched and not ready yet";
    waits.push_back(std::move(wait));
  }
  return waits;
}

}  // namespace understudy
