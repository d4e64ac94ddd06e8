#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "actors/endpoint/queries.hpp"
#include "actors/endpoint/steps.hpp"

namespace understudy::endpoint {
namespace {

void cancel(Step& step, OperationId id, RequestId request,
            std::uint32_t count) {
  const State& state = step.state();
  std::string pool;
  if (const auto* known = find(state.requests, request)) {
    if (const auto* asked = find(state.pools, known->pool)) pool = asked->name;
  }
  std::string variant = state.operations.at(id).variant;
  step.emit(
      LaunchCancelled{id, request, std::move(variant), std::move(pool), count});
  complete_if_done(step, id);
}

std::uint32_t at_most(std::int64_t count, std::uint32_t limit) {
  return count < limit ? static_cast<std::uint32_t>(count) : limit;
}

/// Operations that can give something up, the newest first. A return has a
/// place of its own beyond the wanted number.
std::vector<OperationId> newest_first(const State& state,
                                      const std::string& variant) {
  std::vector<OperationId> ids;
  for (const auto& [id, operation] : state.operations) {
    if (operation.variant == variant &&
        operation.kind != OperationKind::return_to_preferred) {
      ids.push_back(id);
    }
  }
  std::reverse(ids.begin(), ids.end());
  return ids;
}

std::int64_t cancel_waiting(Step& step, const std::string& variant,
                            std::int64_t count) {
  for (const OperationId id : newest_first(step.state(), variant)) {
    const std::uint32_t dropped =
        at_most(count, step.state().operations.at(id).unplaced);
    if (dropped == 0) continue;
    cancel(step, id, {}, dropped);
    count -= dropped;
  }
  return count;
}

std::int64_t cancel_requested(Step& step, const std::string& variant,
                              std::int64_t count) {
  const State& state = step.state();
  const auto rank = [&state](OperationId id) {
    const auto* request = find(state.requests, state.operations.at(id).request);
    const auto* pool =
        request == nullptr ? nullptr : find(state.pools, request->pool);
    return pool == nullptr ? 0 : pool->rank;
  };
  std::vector<OperationId> ids = newest_first(state, variant);
  std::stable_sort(ids.begin(), ids.end(),
                   [&](auto a, auto b) { return rank(a) > rank(b); });
  for (const OperationId id : ids) {
    const RequestId request = state.operations.at(id).request;
    const auto* known = find(state.requests, request);
    const std::uint32_t dropped =
        known == nullptr ? 0 : at_most(count, known->wanted());
    if (dropped == 0) continue;
    cancel(step, id, request, dropped);
    count -= dropped;
  }
  return count;
}

/// E8. Sorts before whatever should be kept longer.
struct Victim {
  bool ready;
  std::uint32_t rank;
  std::uint32_t in_flight;
  Instant launched_at;
  InstanceId id;

  friend bool operator<(const Victim& a, const Victim& b) {
    return std::tie(a.ready, b.rank, a.in_flight, b.launched_at, b.id) <
           std::tie(b.ready, a.rank, b.in_flight, a.launched_at, a.id);
  }
};

std::vector<Victim> candidates(const State& state, const std::string& variant,
                               const std::vector<InFlight>& in_flight) {
  std::map<InstanceId, std::uint32_t> metered;
  for (const InFlight& entry : in_flight)
    metered[entry.instance] = entry.count;
  const InstanceId kept = state.variants.at(variant).return_instance;
  std::vector<Victim> list;
  for (const auto& [id, instance] : state.instances) {
    const auto* pool = find(state.pools, instance.pool);
    if (pool == nullptr || pool->variant != variant || id == kept) continue;
    const bool ready = instance.phase == Phase::ready;
    if (!ready && instance.phase != Phase::starting) continue;
    // Not metered is not idle.
    const auto* count = find(metered, id);
    const std::uint32_t busy =
        !ready ? 0
               : (count != nullptr ? *count
                                   : std::numeric_limits<std::uint32_t>::max());
    list.push_back({ready, pool->rank, busy, instance.launched_at, id});
  }
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace

void complete_if_done(Step& step, OperationId id) {
  const Operation* operation = find(step.state().operations, id);
  if (operation == nullptr || operation->wanted() > 0) return;
  step.emit(OperationCompleted{id, operation->variant, operation->granted,
                               operation->cancelled,
                               ms_between(operation->opened_at, step.now())});
}

void cancel_return(Step& step, const std::string& variant) {
  const OperationId id = step.state().variants.at(variant).return_operation;
  const Operation* operation = find(step.state().operations, id);
  if (operation == nullptr || operation->wanted() == 0) return;
  cancel(step, id, operation->request, operation->wanted());
}

void open_operation(Step& step, const std::string& variant, std::uint32_t count,
                    const Shortfall& why) {
  const State& state = step.state();
  const std::int64_t timeout_s =
      variant_spec(state, variant)->provision_timeout_s;
  OperationOpened opened;
  opened.operation = {state.last_operation.value + 1};
  opened.kind = why.kind;
  opened.variant = variant;
  opened.count = count;
  opened.deadline =
      after_ms(std::max(step.now(), why.not_before), timeout_s * 1000);
  opened.replaces = why.replaces;
  opened.cause = why.cause;
  opened.not_before = why.not_before;
  opened.first_pool = why.first_pool;
  const OperationId id = opened.operation;
  step.emit(std::move(opened));
  if (why.not_before <= step.now()) begin_walk_or_wait(step, id);
}

void shed(Step& step, const std::string& variant, std::int64_t count,
          const Excess& excess) {
  count = cancel_waiting(step, variant, count);
  count = cancel_requested(step, variant, count);
  if (count <= 0) return;
  for (const Victim& victim :
       candidates(step.state(), variant, excess.in_flight)) {
    if (count-- <= 0) return;
    const State& state = step.state();
    const std::uint32_t pool = state.instances.at(victim.id).pool;
    step.emit(DrainRequested{victim.id, variant, state.pools.at(pool).name,
                             excess.reason});
  }
}

void settle(Step& step, const std::string& variant, const Shortfall& missing,
            const Excess& excess) {
  if (!active(step.state())) return;
  const std::int64_t over = count(step.state(), variant).excess();
  if (over > 0) shed(step, variant, over, excess);
  if (over < 0) {
    open_operation(step, variant, static_cast<std::uint32_t>(-over), missing);
  }
}

void scale(Step& step, const std::string& variant, std::uint32_t desired,
           const std::string& command, const std::vector<InFlight>& in_flight) {
  const std::uint32_t from = step.state().variants.at(variant).desired;
  cancel_return(step, variant);
  if (desired > from) {
    step.emit(ScaleOut{command, variant, from, desired});
  } else {
    step.emit(ScaleIn{command, variant, from, desired});
  }
  Shortfall missing;
  missing.cause = command.empty() ? "autoscaler" : "command " + command;
  settle(step, variant, missing, {DrainReason::scale_in, in_flight});
}

}  // namespace understudy::endpoint
