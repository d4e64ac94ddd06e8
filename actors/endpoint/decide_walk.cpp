#include <algorithm>
#include <utility>

#include "actors/endpoint/deadlines.hpp"
#include "actors/endpoint/queries.hpp"
#include "actors/endpoint/steps.hpp"

namespace understudy::endpoint {
namespace {

/// Without a cool-down to wait for (quota, no answer).
constexpr std::int64_t retry_ms = 60'000;
/// After a pool that reopened while the walk was elsewhere.
constexpr std::int64_t reopened_retry_ms = 1'000;
/// Past the end of a cool-down: `PoolOpened` should have come before.
constexpr std::int64_t grace_ms = 60'000;

/// A denial that is being decided about and is not in the state yet.
struct Denied {
  std::uint32_t pool = 0;
  RefusalKind cause = RefusalKind::none;
  std::string code;
  std::string message;
  Instant reopens_at;
};

/// The refusal that says most about when to ask again; `infeasible` only
/// when that is true of every offering.
Denied sum_up(const LaunchDenied& input) {
  constexpr std::array order = {RefusalKind::quota,     RefusalKind::capacity,
                                RefusalKind::cooling,   RefusalKind::throttled,
                                RefusalKind::unknown,   RefusalKind::none,
                                RefusalKind::infeasible};
  Denied denied;
  denied.reopens_at = input.reopens_at;
  for (const RefusalKind kind : order) {
    bool found = false;
    for (const OfferingRefusal& refusal : input.refusals) {
      if (refusal.kind != kind) continue;
      denied.code = refusal.code;
      denied.message = refusal.message;
      found = true;
    }
    if (!found) continue;
    denied.cause = kind;
    break;
  }
  return denied;
}

/// Where a walk goes next, and what it goes past to get there.
struct Choice {
  std::uint32_t pool = 0;  ///< 0: none is left.
  std::vector<PassedOver> passed_over;
};

/// Why a pool may not be asked, if it was not asked in this walk; `none` when
/// it may be. `opened` counts as open whatever is known of it.
RefusalKind obstacle(const State& state, const Operation& operation,
                     std::uint32_t number, Instant now, std::uint32_t opened,
                     const Denied& denied) {
  const PoolState& pool = state.pools.at(number);
  if (pool.infeasible) return RefusalKind::infeasible;
  if (now < pool.closed_until && number != opened) return RefusalKind::cooling;
  const bool refused =
      operation.refused_families.contains(pool.quota_family) ||
      (denied.cause == RefusalKind::quota &&
       state.pools.at(denied.pool).quota_family == pool.quota_family);
  return refused ? RefusalKind::quota : RefusalKind::none;
}

/// E2. The best pool that may be asked.
Choice next_pool(const State& state, const Operation& operation, Instant now,
                 std::uint32_t opened, const Denied& denied = {}) {
  Choice choice;
  for (const std::uint32_t number : ranked_pools(state, operation.variant)) {
    if (operation.asked.contains(number) || number == denied.pool) continue;
    const RefusalKind why =
        obstacle(state, operation, number, now, opened, denied);
    if (why == RefusalKind::none) {
      choice.pool = number;
      break;
    }
    const PoolState& pool = state.pools.at(number);
    choice.passed_over.push_back(
        {pool.name, why,
         why == RefusalKind::cooling ? pool.closed_until : Instant{}});
  }
  return choice;
}

/// The pool that a new walk of an operation asks first.
Choice first_pool(const State& state, const Operation& operation, Instant now,
                  std::uint32_t opened) {
  const std::uint32_t named =
      operation.first_pool.empty()
          ? 0
          : pool_number(state, operation.variant, operation.first_pool);
  if (named != 0 && !operation.asked.contains(named) &&
      obstacle(state, operation, named, now, opened, {}) == RefusalKind::none) {
    return {named, {}};
  }
  return next_pool(state, operation, now, opened);
}

/// E3. When an operation that found no pool walks again at the latest; 0
/// when no pool can ever satisfy it as specified.
Instant retry_at(const State& state, const std::string& variant, Instant now,
                 const Denied& denied = {}) {
  bool feasible = false;
  bool reopened = false;
  Instant cooling = Instant::never();
  for (const auto& [number, pool] : state.pools) {
    if (pool.variant != variant || pool.infeasible) continue;
    Instant closed = pool.closed_until;
    if (number == denied.pool) {
      if (denied.cause == RefusalKind::infeasible) continue;
      closed = denied.reopens_at;
    }
    feasible = true;
    if (closed > now) cooling = std::min(cooling, closed);
    if (closed.us != 0 && closed <= now) reopened = true;
  }
  if (!feasible) return {};
  if (reopened) return after_ms(now, reopened_retry_ms);
  if (cooling != Instant::never()) return after_ms(cooling, grace_ms);
  return after_ms(now, retry_ms);
}

/// The request ends, and nothing is asked elsewhere because of it.
void close_request(Step& step, const LaunchDenied& input,
                   const Denied& denied) {
  const Request& request = step.state().requests.at(input.request);
  const OperationId operation = request.operation;
  const PoolState* pool = find(step.state().pools, request.pool);
  step.emit(RequestClosed{
      operation, input.request, pool == nullptr ? input.variant : pool->variant,
      pool == nullptr ? input.pool : pool->name, request.wanted(), denied.cause,
      denied.code, denied.message, denied.reopens_at});
  const Operation* open = find(step.state().operations, operation);
  if (open == nullptr || open->unplaced == 0) return;
  step.emit(LaunchCancelled{operation, {}, open->variant, {}, open->unplaced});
  complete_if_done(step, operation);
}

void fall_back(Step& step, const LaunchDenied& input, const Denied& denied) {
  const State& state = step.state();
  const Request& request = state.requests.at(input.request);
  const OperationId id = request.operation;
  const Operation& operation = state.operations.at(id);
  const PoolState& from = state.pools.at(denied.pool);
  const std::uint32_t missing = operation.unplaced + request.wanted();
  Choice next = next_pool(state, operation, step.now(), 0, denied);
  if (next.pool != 0) {
    step.emit(FallbackChosen{id, input.request, from.variant, from.name,
                             state.pools.at(next.pool).name, missing,
                             denied.cause, denied.code, denied.message,
                             denied.reopens_at, std::move(next.passed_over)});
    return ask(step, id, next.pool, missing);
  }
  step.emit(PoolsExhausted{
      id, input.request, from.variant, from.name, missing, denied.cause,
      denied.code, denied.message, denied.reopens_at,
      retry_at(state, operation.variant, step.now(), denied),
      std::move(next.passed_over)});
}

}  // namespace

void ask(Step& step, OperationId id, std::uint32_t pool, std::uint32_t count) {
  const State& state = step.state();
  const PoolState& asked = state.pools.at(pool);
  step.emit(InstanceRequested{id, RequestId{state.last_request.value + 1},
                              asked.variant, asked.name, count});
}

bool begin_walk(Step& step, OperationId id, std::uint32_t opened) {
  const State& state = step.state();
  const Operation& operation = state.operations.at(id);
  const std::uint32_t first =
      first_pool(state, operation, step.now(), opened).pool;
  if (first == 0) return false;
  ask(step, id, first, operation.unplaced);
  return true;
}

void begin_walk_or_wait(Step& step, OperationId id) {
  const State& state = step.state();
  const Operation& operation = state.operations.at(id);
  Choice first = first_pool(state, operation, step.now(), 0);
  if (first.pool != 0) return ask(step, id, first.pool, operation.unplaced);
  PoolsExhausted exhausted;
  exhausted.operation = id;
  exhausted.variant = operation.variant;
  exhausted.count = operation.unplaced;
  exhausted.retry_at = retry_at(state, operation.variant, step.now());
  exhausted.passed_over = std::move(first.passed_over);
  step.emit(std::move(exhausted));
}

void begin_next_walk(Step& step, const std::string& variant) {
  const OperationId next = next_in_turn(step.state(), variant, step.now());
  if (next.value != 0) begin_walk(step, next);
}

void on(Step& step, const LaunchDenied& input) {
  const State& state = step.state();
  const Request* request = find(state.requests, input.request);
  if (request == nullptr || request->operation != input.operation) return;
  Denied denied = sum_up(input);
  denied.pool = request->pool;
  const Operation* operation = find(state.operations, request->operation);
  const bool goes_on = operation != nullptr && active(state) &&
                       operation->kind != OperationKind::return_to_preferred;
  if (goes_on && request->wanted() > 0 && state.pools.contains(denied.pool)) {
    return fall_back(step, input, denied);
  }
  close_request(step, input, denied);
}

void on(Step& step, const PoolOpened& input) {
  const State& state = step.state();
  const std::uint32_t number = pool_number(state, input.variant, input.pool);
  if (number == 0 || !active(state)) return;
  const VariantSpec* spec = variant_spec(state, input.variant);
  const PoolState& pool = state.pools.at(number);
  const bool was_closed = pool.closed_until.us != 0;
  if (state.status == Status::in_service && spec != nullptr &&
      spec->return_policy.mode == ReturnMode::active && was_closed &&
      pool.priority < worst_priority(state, input.variant)) {
    step.emit(PreferredPoolOpened{input.variant, input.pool});
  }
  const OperationId next = next_in_turn(state, input.variant, step.now());
  if (next.value == 0) return;
  // While an older one walks it will come by, unless this pool is better than
  // where that one is. What is said twice finds the pool asked already.
  const Operation& operation = state.operations.at(next);
  if (!leads(state, next) &&
      !(was_closed &&
        first_pool(state, operation, step.now(), number).pool == number)) {
    return;
  }
  begin_walk(step, next, number);
}

}  // namespace understudy::endpoint
