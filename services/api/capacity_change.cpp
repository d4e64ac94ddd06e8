/// The provider's capacity, changed.

#include <utility>

#include "services/api/offering_state.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/codec/strict_json.hpp"

namespace understudy::handle {
namespace {

template <class E>
std::optional<E> value_named(std::string_view name) {
  const auto names = names_of(E{});
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

template <class E>
std::optional<Problem> read_name(const Json& object, const char* key,
                                 const std::string& field, E& into) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  const auto value = value_named<E>(found->get<std::string>());
  if (value) {
    into = *value;
    return std::nullopt;
  }
  Problem made = make_problem("invalid-command", "");
  made.field = field;
  made.value = json_quoted(found->get<std::string>());
  for (const std::string_view name : names_of(E{}))
    made.accepted += (made.accepted.empty() ? "" : ", ") + std::string(name);
  made.detail = field + ": " + made.value + "; accepted: " + made.accepted;
  return made;
}

std::optional<Problem> read_change(const std::string& body,
                                   CapacityChange& change) {
  const auto json = codec::parse_strict_json(body);
  if (!json) return make_problem("invalid-json", json.error().message);
  codec::KindCheck kinds;
  kinds.check<CapacityChange>(json.value(), "");
  if (kinds.error())
    return make_problem("invalid-command", kinds.error()->message);
  for (const char* needed : {"offering", "action"}) {
    if (json.value().contains(needed)) continue;
    Problem made =
        make_problem("invalid-command", std::string(needed) + ": missing");
    made.field = needed;
    return made;
  }
  const Json& offering = json.value()["offering"];
  change.offering.instance_type = offering.value("instance_type", "");
  change.offering.zone = offering.value("zone", "");
  if (auto wrong = read_name(offering, "market", "offering.market",
                             change.offering.market))
    return wrong;
  change.calls = json.value().value("calls", change.calls);
  change.retry_after_ms =
      json.value().value("retry_after_ms", change.retry_after_ms);
  if (auto wrong = read_name(json.value(), "action", "action", change.action))
    return wrong;
  if (change.calls != 0) return std::nullopt;
  Problem made = make_problem("out-of-range", "calls: 0; accepted: 1 or more");
  made.field = "calls";
  made.value = "0";
  made.accepted = "1 or more";
  return made;
}

}  // namespace

ApiAnswer change_capacity(Api& api, const ApiCall& call) {
  OperatedCapacity* provider = api.parts().capacity;
  if (!provider) return capacity_not_operated();
  CapacityChange change;
  if (auto wrong = read_change(call.body, change)) return answer_of(*wrong);
  const auto changed = provider->change_offering(change);
  if (!changed) return capacity_problem(changed.error());
  Json json = envelope("Offering");
  add_members(json, state_json(changed.value()));
  return shown_json(Output::json, json);
}

}  // namespace understudy::handle
