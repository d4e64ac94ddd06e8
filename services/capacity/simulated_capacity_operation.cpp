/// The simulated provider as an operator sees and changes it.

#include "services/capacity/simulated_capacity.hpp"

namespace understudy {
namespace {

Scripted scripted(CapacityAction action) {
  switch (action) {
    case CapacityAction::quota:
      return Scripted::quota;
    case CapacityAction::throttle:
      return Scripted::throttled;
    case CapacityAction::infeasible:
      return Scripted::infeasible;
    default:
      return Scripted::unknown_launched;
  }
}

}  // namespace

OfferingState SimulatedCapacity::state_of(const Offering& offering) const {
  return {offering, trace_.at(offering, clock_.now()).value_or(0),
          held(offering), closed(offering), scripts(offering)};
}

Result<std::vector<OfferingState>> SimulatedCapacity::offering_states() const {
  std::vector<OfferingState> all;
  for (const Offering& offering : trace_.offerings())
    all.push_back(state_of(offering));
  return all;
}

Result<OfferingState> SimulatedCapacity::change_offering(
    const CapacityChange& change) {
  if (!trace_.at(change.offering, clock_.now())) {
    return Error{ErrorCode::not_found, "there is no offering \"" +
                                           to_string(change.offering) +
                                           "\" in the trace"};
  }
  if (change.action == CapacityAction::close) {
    close(change.offering);
  } else if (change.action == CapacityAction::open) {
    open(change.offering);
  } else {
    Script one;
    one.answer = scripted(change.action);
    one.calls = change.calls;
    if (change.action == CapacityAction::throttle)
      one.retry_after_ms = change.retry_after_ms;
    script(change.offering, one);
  }
  return state_of(change.offering);
}

}  // namespace understudy
