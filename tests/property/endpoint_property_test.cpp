#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "actors/core/digest.hpp"
#include "actors/endpoint/decider.hpp"
#include "tests/support/generate.hpp"
#include "tests/unit/endpoint/invariants.hpp"

namespace understudy::endpoint {
namespace {

using Events = std::vector<Event>;

constexpr Instant start{1'760'000'000'000'000};

/// The whole range from the first test on: `inRange` grows with the size.
template <class Number>
Number number(Number low, Number high) {
  return *rc::gen::resize(
      rc::kNominalSize,
      rc::gen::inRange<Number>(low, static_cast<Number>(high + 1)));
}

bool chance(int percent) { return number(0, 99) < percent; }

/// One entry of a map, or a blank one when the map is empty.
template <class Map>
typename Map::key_type any_key(const Map& map) {
  if (map.empty()) return {};
  auto it = map.begin();
  std::advance(it, number<int>(0, static_cast<int>(map.size()) - 1));
  return it->first;
}

template <class Enum>
Enum any_of() {
  const int last = static_cast<int>(names_of(Enum{}).size()) - 1;
  return static_cast<Enum>(number(0, last));
}

PoolSpec draw_pool(const std::string& name) {
  PoolSpec pool;
  pool.name = name;
  pool.instance_type = chance(20) ? "other" : "type";
  pool.zones = {"zone-a"};
  pool.priority = number(1U, 3U);
  pool.quota_family = chance(70) ? "" : "family";
  return pool;
}

VariantSpec draw_variant(const std::string& name) {
  VariantSpec variant;
  variant.name = name;
  variant.initial_count = number(2U, 4U);
  variant.provision_timeout_s = 300;
  variant.health.max_start_failures = number(0U, 2U);
  variant.scaling.enabled = chance(60);
  variant.scaling.min_count = number(0U, 2U);
  variant.scaling.max_count = number(4U, 6U);
  variant.scaling.targets = {ScalingTarget{}};
  variant.return_policy = {
      chance(70) ? ReturnMode::active : ReturnMode::on_scale_in,
      number(0U, 60'000U), number(1'000U, 60'000U)};
  for (const char* pool : {"a", "b", "c", "d"}) {
    if (chance(70)) variant.pools.push_back(draw_pool(pool));
  }
  if (variant.pools.empty()) variant.pools = {draw_pool("a")};
  return variant;
}

EndpointSpec draw_spec() {
  EndpointSpec spec{"chat", {draw_variant("primary")}};
  if (chance(25)) spec.variants.push_back(draw_variant("second"));
  return spec;
}

std::string draw_name(std::initializer_list<const char*> names) {
  return *rc::gen::elementOf(
      std::vector<std::string>(names.begin(), names.end()));
}

std::string draw_variant_name() {
  return draw_name({"primary", "primary", "primary", "second", "none"});
}

std::string draw_command() { return "c-" + std::to_string(number(0, 999)); }

std::vector<InFlight> draw_in_flight(const State& state) {
  std::vector<InFlight> list;
  for (const auto& [id, instance] : state.instances) {
    if (chance(70)) list.push_back({id, number(0U, 9U)});
  }
  return list;
}

InstanceId draw_instance(const State& state) {
  if (chance(85)) return any_key(state.instances);
  return InstanceId::make({number(0U, state.last_request.value + 1)}, 1,
                          number<std::uint16_t>(0, 3));
}

RequestId draw_request(const State& state) {
  if (chance(90)) return any_key(state.requests);
  return {number(0U, state.last_request.value + 1)};
}

LaunchGranted draw_grant(const State& state) {
  LaunchGranted grant;
  grant.request = draw_request(state);
  const Request* open = find(state.requests, grant.request);
  if (open != nullptr && chance(95)) grant.operation = open->operation;
  grant.variant = draw_variant_name();
  grant.pool = draw_name({"a", "b", "c", "d"});
  const auto attempt = number<std::uint16_t>(1, 4);
  const auto count = number<std::uint16_t>(0, 4);
  for (std::uint16_t i = 0; i < count; ++i) {
    grant.instances.push_back(InstanceId::make(grant.request, attempt, i));
  }
  return grant;
}

LaunchDenied draw_denial(const State& state, Instant now) {
  LaunchDenied denial;
  denial.request = draw_request(state);
  const Request* open = find(state.requests, denial.request);
  if (open != nullptr && chance(95)) denial.operation = open->operation;
  denial.variant = draw_variant_name();
  denial.pool = draw_name({"a", "b", "c", "d"});
  denial.count = number(0U, 6U);
  const int refusals = number(0, 3);
  for (int i = 0; i < refusals; ++i) {
    denial.refusals.push_back({{}, any_of<RefusalKind>(), "Code", "text", now});
  }
  if (chance(70)) {
    denial.reopens_at = after_ms(now, number<std::int64_t>(-1'000, 90'000));
  }
  return denial;
}

Input draw_command_input(const State& state) {
  switch (number(0, 9)) {
    case 0:
      return CreateEndpoint{draw_command(), draw_spec()};
    case 1:
      return DeleteEndpoint{draw_command()};
    case 2:
    case 3: {
      EndpointSpec spec = state.spec;
      const auto index = number<std::size_t>(0, 1);
      if (index < spec.variants.size()) {
        auto drawn = draw_variant(spec.variants[index].name);
        spec.variants[index] = std::move(drawn);
      }
      return UpdateEndpoint{draw_command(), spec};
    }
    default:
      return ScaleVariant{draw_command(), draw_variant_name(), number(0U, 7U),
                          draw_in_flight(state)};
  }
}

Input draw_input(const State& state, Instant now) {
  const int die = number(0, 99);
  if (die < 10) return draw_command_input(state);
  if (die < 30) return draw_grant(state);
  if (die < 50) return draw_denial(state, now);
  if (die < 58) {
    return PoolOpened{draw_variant_name(), draw_name({"a", "b", "c", "d"})};
  }
  if (die < 88) {
    const auto change =
        chance(50) ? InstanceChange::ready : any_of<InstanceChange>();
    return InstanceChanged{draw_instance(state), change, "detail"};
  }
  if (die < 93) {
    return DesiredDecided{draw_variant_name(), number(0U, 7U),
                          draw_in_flight(state)};
  }
  return DeadlineReached{};
}

/// Decides on a copy first: the same copy must give the same events, and
/// folding them must give the state that deciding left.
Events decide_checked(State& state, const Input& input, Instant now) {
  State again = state;
  State folded = state;
  const Events events = Decider::decide(state, input, now);
  RC_ASSERT(Decider::decide(again, input, now) == events);
  for (const Event& event : events) {
    Decider::evolve(folded, event, now);
    RC_ASSERT(broken(folded) == "");
  }
  RC_ASSERT(folded == state);
  RC_ASSERT(again == state);
  RC_ASSERT(unsettled(state) == "");
  RC_ASSERT(events.empty() || digest(folded) == digest(state));
  return events;
}

State created(Instant now) {
  State state;
  Decider::decide(state, CreateEndpoint{"first", draw_spec()}, now);
  return state;
}

/// Sometimes to the next deadline, else a little on.
Instant draw_later(const State& state, Instant now) {
  const Instant due = Decider::next_deadline(state);
  if (chance(10) && due != Instant::never()) return std::max(now, due);
  return after_ms(now, number<std::int64_t>(0, 20'000));
}

RC_GTEST_PROP(EndpointProperty, any_story_folds_and_stays_valid, ()) {
  State state;
  Instant now = start;
  std::vector<std::pair<Event, Instant>> log;
  const int steps = number(1, 300);
  for (int i = 0; i < steps; ++i) {
    const Input input =
        i == 0 ? CreateEndpoint{"first", draw_spec()} : draw_input(state, now);
    for (const Event& event : decide_checked(state, input, now))
      log.emplace_back(event, now);
    now = draw_later(state, now);
  }
  State replayed;
  for (const auto& [event, at] : log)
    Decider::evolve(replayed, event, at);
  RC_ASSERT(replayed == state);
}

RC_GTEST_PROP(EndpointProperty, the_same_input_again_gives_nothing, ()) {
  Instant now = start;
  State state = created(now);
  for (int i = 0; i < 100; ++i) {
    const Input input = draw_input(state, now);
    decide_checked(state, input, now);
    // Several deadlines may meet at one instant: see the next property.
    if (!std::holds_alternative<DeadlineReached>(input)) {
      RC_ASSERT(decide_checked(state, input, now).empty());
    }
    now = draw_later(state, now);
  }
}

RC_GTEST_PROP(EndpointProperty, deadlines_come_to_an_end, ()) {
  Instant now = start;
  State state = created(now);
  for (int i = 0; i < 100; ++i) {
    decide_checked(state, draw_input(state, now), now);
    int fired = 0;
    while (Decider::next_deadline(state) <= now) {
      RC_ASSERT(!decide_checked(state, DeadlineReached{}, now).empty());
      RC_ASSERT(++fired <= 3);
    }
    RC_ASSERT(decide_checked(state, DeadlineReached{}, now).empty());
    now = draw_later(state, now);
  }
}

RC_GTEST_PROP(EndpointProperty, an_early_deadline_changes_nothing, ()) {
  Instant now = start;
  State state = created(now);
  for (int i = 0; i < 100; ++i) {
    decide_checked(state, draw_input(state, now), now);
    if (now < Decider::next_deadline(state)) {
      RC_ASSERT(decide_checked(state, DeadlineReached{}, now).empty());
    }
    now = draw_later(state, now);
  }
}

/// Names, numbers and ids without any sense.
RC_GTEST_PROP(EndpointProperty, senseless_inputs_do_no_harm, ()) {
  Instant now = start;
  State state = chance(80) ? created(now) : State{};
  for (int i = 0; i < 20; ++i) {
    decide_checked(state, *testing::any<Input>(), now);
    decide_checked(state, draw_input(state, now), now);
    now = draw_later(state, now);
  }
}

/// `evolve` is total: it takes any events in any order.
RC_GTEST_PROP(EndpointProperty, evolve_takes_any_events, ()) {
  State state = chance(80) ? created(start) : State{};
  for (int i = 0; i < 30; ++i)
    Decider::evolve(state, *testing::any<Event>(), start);
  Decider::next_deadline(state);
  Decider::outstanding(state);
  RC_ASSERT(digest(state) == digest(State(state)));
}

RC_GTEST_PROP(EndpointProperty, each_command_is_answered_once, ()) {
  Instant now = start;
  State state = chance(50) ? created(now) : State{};
  for (int i = 0; i < 30; ++i) {
    const Input input = draw_command_input(state);
    const std::string id = std::visit(
        [](const auto& known) -> std::string {
          if constexpr (requires { known.command; }) return known.command;
          return {};
        },
        input);
    const bool known = state.answer(id) != nullptr;
    const Events events = decide_checked(state, input, now);
    RC_ASSERT(events.empty() == known);
    RC_ASSERT(state.answer(id) != nullptr);
    const bool refused =
        !events.empty() && std::holds_alternative<CommandRefused>(events[0]);
    if (!known) RC_ASSERT(state.answer(id)->ok == !refused);
    decide_checked(state, draw_input(state, now), now);
  }
}

}  // namespace
}  // namespace understudy::endpoint
