#include "services/api/offering_state.hpp"

#include "services/api/problem.hpp"
#include "services/api/shown.hpp"

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

ApiAnswer capacity_problem(const Error& error) {
  switch (error.code) {
    case ErrorCode::not_found:
      return answer_of(make_problem("offering-not-found", error.message));
    case ErrorCode::invalid_input:
      return answer_of(make_problem("capacity-not-simulated", error.message));
    default:
      return answer_of(error, "capacity");
  }
}

ApiAnswer capacity_not_operated() {
  return answer_of(
      make_problem("capacity-not-simulated",
                   "this daemon's provider cannot be operated from here"));
}

}  // namespace understudy
