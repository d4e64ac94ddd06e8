#include <set>
#include <utility>

#include "actors/endpoint/deadlines.hpp"
#include "actors/endpoint/queries.hpp"
#include "actors/endpoint/reasons.hpp"
#include "actors/endpoint/steps.hpp"
#include "actors/endpoint/text.hpp"

namespace understudy::endpoint {
namespace {

constexpr std::size_t longest_code = 64;
constexpr std::size_t longest_provider_text = 120;
constexpr std::size_t longest_message = 4000;

std::string describe(const PoolVerdict& verdict) {
  std::string text = "pool " + verdict.pool + ": ";
  if (verdict.kind == RefusalKind::none) {
    return text + (verdict.at.us == 0 ? "no answer" : "granted");
  }
  text += name_of(verdict.kind);
  if (!verdict.code.empty()) text += ", " + shown(verdict.code, longest_code);
  if (!verdict.message.empty()) {
    text += ": " + shown(verdict.message, longest_provider_text);
  }
  return text;
}

/// E4. Lists each pool and its last refusal.
std::string timed_out_message(const State& state,
                              const ProvisioningTimedOut& event) {
  std::string text =
      "variant " + event.variant + ": " + std::to_string(event.missing) +
      " of " + std::to_string(event.granted + event.missing) +
      " instances were not launched within " +
      std::to_string(variant_spec(state, event.variant)->provision_timeout_s) +
      " s";
  for (const PoolVerdict& verdict : event.pools)
    text += "; " + describe(verdict);
  return shown(text, longest_message);
}

/// E4, E5. Returns false when the endpoint failed because of it.
bool time_out(Step& step, OperationId id) {
  const State& state = step.state();
  const Operation& operation = state.operations.at(id);
  const RequestId request = operation.request;
  const ProvisioningTimedOut event{id, operation.variant, operation.granted,
                                   operation.wanted(),
                                   verdicts(state, operation.variant)};
  step.emit(event);
  if (state.status == Status::creating) {
    fail(step, reasons::provisioning_timed_out, timed_out_message(state, event),
         event.pools);
    return false;
  }
  const Request* open = find(state.requests, request);
  if (open != nullptr && open->wanted() > 0) {
    step.emit(LaunchCancelled{id, request, event.variant,
                              state.pools.at(open->pool).name, open->wanted()});
  }
  return true;
}

void time_out_all(Step& step) {
  const State& state = step.state();
  std::vector<OperationId> due;
  for (const auto& [id, operation] : state.operations) {
    if (operation.deadline <= step.now()) due.push_back(id);
  }
  std::map<std::string, Shortfall> missing;
  for (const OperationId id : due) {
    const Operation& operation = state.operations.at(id);
    const std::string variant = operation.variant;
    if (operation.kind == OperationKind::return_to_preferred) {
      cancel_return(step, variant);
      continue;
    }
    Shortfall& again = missing[variant];
    again.cause = "operation " + to_string(id) + " timed out";
    again.kind = operation.kind == OperationKind::replacement
                     ? OperationKind::replacement
                     : OperationKind::scale_out;
    if (!time_out(step, id)) return;
  }
  for (const auto& [variant, again] : missing) {
    begin_next_walk(step, variant);
    settle(step, variant, again);
  }
}

void begin_due_walks(Step& step) {
  for (const NextWalk& walk : next_walks(step.state())) {
    if (walk.at <= step.now()) begin_walk_or_wait(step, walk.operation);
  }
}

/// E10. One probe of a better pool, beyond the wanted number.
void begin_due_returns(Step& step) {
  const State& state = step.state();
  for (const auto& [name, variant] : state.variants) {
    const ReturnDue due = return_due(state, name, step.now());
    if (due.at > step.now()) continue;
    Shortfall why;
    why.kind = OperationKind::return_to_preferred;
    why.first_pool = state.pools.at(due.pool).name;
    why.cause = "pool " + why.first_pool + " is open again";
    open_operation(step, name, 1, why);
  }
}

}  // namespace

void on(Step& step, const DeadlineReached&) {
  if (!active(step.state())) return;
  time_out_all(step);
  if (!active(step.state())) return;
  begin_due_walks(step);
  begin_due_returns(step);
}

}  // namespace understudy::endpoint
