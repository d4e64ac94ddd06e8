#include <algorithm>

#include "actors/endpoint/evolve.hpp"
#include "actors/endpoint/queries.hpp"

namespace understudy::endpoint {
namespace {

/// What `FallbackChosen`, `PoolsExhausted` and `RequestClosed` have in
/// common: a pool ended a request; what it still wanted is unplaced again.
struct Denial {
  RequestId request;
  RefusalKind cause;
  const std::string& code;
  const std::string& message;
  Instant reopens_at;
};

void note_verdict(PoolState& pool, const Denial& denial, Instant at) {
  pool.closed_until = denial.reopens_at;
  pool.open_since = denial.reopens_at.us != 0 ? denial.reopens_at : at;
  if (denial.cause == RefusalKind::infeasible) pool.infeasible = true;
  pool.last = {pool.name, denial.cause, denial.code, denial.message, at};
}

void end_request(State& state, const Denial& denial, Instant at) {
  const Request* request = find(state.requests, denial.request);
  if (request == nullptr) return;
  Operation* operation = find(state.operations, request->operation);
  if (operation != nullptr && operation->request == denial.request) {
    operation->unplaced += request->wanted();
    operation->request = {};
  }
  PoolState* pool = find(state.pools, request->pool);
  if (pool != nullptr && denial.cause != RefusalKind::none) {
    note_verdict(*pool, denial, at);
    if (operation != nullptr && denial.cause == RefusalKind::quota) {
      operation->refused_families.insert(pool->quota_family);
    }
  }
  state.requests.erase(denial.request);
}

void end_walk(Operation& operation) {
  operation.walking = false;
  operation.not_before = {};
  operation.first_pool.clear();
  operation.asked.clear();
  operation.refused_families.clear();
}

}  // namespace

void apply(State& state, const OperationOpened& event, Instant at) {
  state.last_operation = std::max(state.last_operation, event.operation);
  Operation& operation = state.operations[event.operation];
  operation = {};
  operation.kind = event.kind;
  operation.variant = event.variant;
  operation.count = event.count;
  operation.unplaced = event.count;
  operation.opened_at = at;
  operation.deadline = event.deadline;
  operation.not_before = event.not_before;
  operation.first_pool = event.first_pool;
  if (event.kind != OperationKind::return_to_preferred) return;
  if (auto* variant = find(state.variants, event.variant)) {
    variant->return_operation = event.operation;
    variant->last_return_at = at;
  }
}

void apply(State& state, const InstanceRequested& event, Instant) {
  state.last_request = std::max(state.last_request, event.request);
  const std::uint32_t number = pool_number(state, event.variant, event.pool);
  Request& request = state.requests[event.request];
  request = {};
  request.operation = event.operation;
  request.pool = number;
  request.count = event.count;
  if (auto* pool = find(state.pools, number)) pool->closed_until = {};
  Operation* operation = find(state.operations, event.operation);
  if (operation == nullptr) return;
  operation->walking = true;
  operation->retry_at = {};
  operation->asked.insert(number);
  operation->request = event.request;
  operation->unplaced -= std::min(operation->unplaced, event.count);
}

void apply(State& state, const FallbackChosen& event, Instant at) {
  end_request(state,
              {event.refused_request, event.cause, event.code, event.message,
               event.from_reopens_at},
              at);
}

void apply(State& state, const PoolsExhausted& event, Instant at) {
  end_request(state,
              {event.refused_request, event.cause, event.code, event.message,
               event.from_reopens_at},
              at);
  if (auto* operation = find(state.operations, event.operation)) {
    end_walk(*operation);
    operation->retry_at = event.retry_at;
  }
}

void apply(State& state, const RequestClosed& event, Instant at) {
  end_request(state,
              {event.request, event.cause, event.code, event.message,
               event.from_reopens_at},
              at);
}

void apply(State& state, const LaunchCancelled& event, Instant) {
  std::uint32_t dropped = event.count;
  if (auto* request = find(state.requests, event.request)) {
    dropped = std::min(dropped, request->wanted());
    request->cancelled += dropped;
  }
  Operation* operation = find(state.operations, event.operation);
  if (operation == nullptr) return;
  if (event.request.value == 0) {
    dropped = std::min(dropped, operation->unplaced);
    operation->unplaced -= dropped;
  } else if (operation->request != event.request) {
    return;
  }
  operation->cancelled += dropped;
}

void apply(State& state, const OperationCompleted& event, Instant at) {
  state.operations.erase(event.operation);
  VariantState* variant = find(state.variants, event.variant);
  if (variant == nullptr || variant->return_operation != event.operation) {
    return;
  }
  variant->return_operation = {};
  variant->last_return_at = at;
}

void apply(State& state, const ProvisioningTimedOut& event, Instant) {
  state.operations.erase(event.operation);
  VariantState* variant = find(state.variants, event.variant);
  if (variant != nullptr && variant->return_operation == event.operation) {
    variant->return_operation = {};
  }
}

}  // namespace understudy::endpoint
