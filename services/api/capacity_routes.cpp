/// The provider's capacity, shown.

#include <array>
#include <sstream>
#include <utility>

#include "services/api/offering_state.hpp"
#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/rendering/lists.hpp"

namespace understudy::handle {
namespace {

std::string scripts_text(const std::vector<Script>& scripts) {
  std::string text;
  for (const Script& script : scripts) {
    text += (text.empty() ? "" : ",") + std::string(action_of(script.answer)) +
            'x' + std::to_string(script.calls);
  }
  return text;
}

}  // namespace

ApiAnswer capacity(Api& api, const ApiCall& call) {
  Parameters parameters(call);
  const Output output = parameters.output({"json", "yaml", "table", "name"});
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  const OperatedCapacity* provider = api.parts().capacity;
  if (!provider) return capacity_not_operated();
  const auto states = provider->offering_states();
  if (!states) return capacity_problem(states.error());
  const Instant now = api.plane().now();
  Listing listing{"OfferingList",
                  Table({"INSTANCE TYPE", "ZONE", "MARKET", "CAPACITY", "HELD",
                         "STATE", "NEXT ANSWERS"}),
                  Json::array(),
                  {},
                  0,
                  api.plane().follower().seen(),
                  now};
  for (const OfferingState& state : states.value()) {
    const Offering& offering = state.offering;
    listing.table.add(
        {offering.instance_type, offering.zone,
         std::string(name_of(offering.market)), std::to_string(state.capacity),
         std::to_string(state.held), state.closed ? "closed" : "open",
         scripts_text(state.scripts)});
    listing.items.push_back(state_json(state));
    listing.names.push_back("offering/" + to_string(offering));
  }
  std::ostringstream out;
  write_listing(out, output, listing);
  ApiAnswer answer = shown_text(output, std::move(out).str());
  add_position(answer, listing.position, now);
  return answer;
}

}  // namespace understudy::handle
