/// The simulated provider's capacity, changed.

#include <array>
#include <utility>

#include "services/api/offering_state.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/codec/strict_json.hpp"

namespace understudy::handle {
namespace {

enum class Action : std::uint8_t {
  close,
  open,
  quota,
  throttle,
  infeasible,
  unknown,
};

constexpr std::array<std::string_view, 6> names_of(Action) {
  return {"close", "open", "quota", "throttle", "infeasible", "unknown"};
}

struct Change {
  Offering offering;
  Action action = Action::close;
  std::uint32_t calls = 1;
  std::uint32_t retry_after_ms = 1000;
  UNDERSTUDY_FIELDS(Change, offering, action, calls, retry_after_ms)
};

Scripted scripted(Action action) {
  switch (action) {
    case Action::quota:
      return Scripted::quota;
    case Action::throttle:
      return Scripted::throttled;
    case Action::infeasible:
      return Scripted::infeasible;
    default:
      return Scripted::unknown_launched;
  }
}

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

std::optional<Problem> read_change(const std::string& body, Change& change) {
  const auto json = codec::parse_strict_json(body);
  if (!json) return make_problem("invalid-json", json.error().message);
  codec::KindCheck kinds;
  kinds.check<Change>(json.value(), "");
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

void apply(SimulatedCapacity& provider, const Change& change) {
  if (change.action == Action::close) {
    provider.close(change.offering);
  } else if (change.action == Action::open) {
    provider.open(change.offering);
  } else {
    Script script;
    script.answer = scripted(change.action);
    script.calls = change.calls;
    if (change.action == Action::throttle)
      script.retry_after_ms = change.retry_after_ms;
    provider.script(change.offering, script);
  }
}

}  // namespace

ApiAnswer change_capacity(Api& api, const ApiCall& call) {
  SimulatedCapacity* provider = api.parts().simulated;
  if (!provider) return capacity_not_simulated();
  Change change;
  if (auto wrong = read_change(call.body, change)) return answer_of(*wrong);
  const Instant now = api.plane().now();
  if (!provider->trace().at(change.offering, now)) {
    return answer_of(make_problem("offering-not-found",
                                  "there is no offering " +
                                      json_quoted(to_string(change.offering)) +
                                      " in the trace"));
  }
  apply(*provider, change);
  Json json = envelope("Offering");
  add_members(json, state_json(state_of(*provider, change.offering, now)));
  return shown_json(Output::json, json);
}

}  // namespace understudy::handle
