#include "services/api/offering_state.hpp"

#include "services/api/problem.hpp"

namespace understudy {

std::string_view action_of(Scripted answer) {
  switch (answer) {
    case Scripted::quota:
      return "quota";
    case Scripted::throttled:
      return "throttle";
    case Scripted::infeasible:
      return "infeasible";
    case Scripted::unknown_launched:
    case Scripted::unknown_lost:
      break;
  }
  return "unknown";
}

OfferingState state_of(const SimulatedCapacity& provider,
                       const Offering& offering, Instant now) {
  OfferingState state;
  state.offering = offering;
  state.capacity = provider.trace().at(offering, now).value_or(0);
  state.held = provider.held(offering);
  state.closed = provider.closed(offering);
  state.scripts = provider.scripts(offering);
  return state;
}

Json state_json(const OfferingState& state) {
  Json json = to_json(state.offering);
  json["capacity"] = state.capacity;
  json["held"] = state.held;
  json["closed"] = state.closed;
  json["scripts"] = Json::array();
  for (const Script& script : state.scripts) {
    Json one = Json::object();
    one["action"] = std::string(action_of(script.answer));
    one["calls"] = script.calls;
    one["until"] = to_json(script.until);
    one["retry_after_ms"] = script.retry_after_ms;
    json["scripts"].push_back(std::move(one));
  }
  return json;
}

ApiAnswer capacity_not_simulated() {
  Problem problem;
  problem.reason = "capacity-not-simulated";
  problem.detail = "this daemon's provider is not the simulated one";
  return answer_of(problem);
}

}  // namespace understudy
