#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "actors/core/digest.hpp"
#include "actors/pool/decider.hpp"
#include "tests/property/pool_draw.hpp"
#include "tests/property/pool_ledger.hpp"

namespace understudy::pool {
namespace {

using Events = std::vector<Event>;

constexpr Instant start{1'760'000'000'000'000};

RequestId draw_request() { return {draw<std::uint32_t>(1, 12)}; }

Configure draw_configuration() {
  Configure input;
  input.spec.instance_type = "p5";
  const int zones = draw(0, 4);
  for (int i = 0; i < zones; ++i) {
    input.spec.zones.emplace_back(1, draw<char>('a', 'd'));
  }
  input.cool_down = {draw<std::uint32_t>(1, 4) * 10'000, 60'000};
  input.model = std::string(1, draw<char>('m', 'o'));
  if (draw(0, 1) > 0) input.environment = {{"A", input.model}};
  return input;
}

std::vector<Grant> draw_grants() {
  std::vector<Grant> grants(draw<std::size_t>(0, 5));
  for (Grant& grant : grants) {
    grant = {"i-" + std::to_string(draw(0, 40)), "h"};
  }
  return grants;
}

LaunchOutcome draw_outcome() {
  LaunchOutcome outcome;
  outcome.request = draw_request();
  outcome.attempt = draw<std::uint16_t>(0, 5);
  outcome.kind = draw<RefusalKind>(0, 7);
  outcome.code = "code";
  outcome.retry_after_ms = draw<std::uint32_t>(0, 5'000);
  if (draw(0, 2) == 0) outcome.granted = draw_grants();
  return outcome;
}

Input draw_input() {
  switch (draw(0, 14)) {
    case 0:
      return draw(0, 4) == 0 ? Input(draw_configuration())
                             : Input(DeadlineReached{});
    case 1:
    case 2:
    case 3:
      return Request{OperationId{1}, draw_request(), draw<std::uint32_t>(0, 6)};
    case 4:
      return Cancel{draw_request(), draw<std::uint32_t>(0, 4)};
    case 5:
      return Reconciled{draw_request(), draw<std::uint16_t>(0, 5),
                        draw_grants()};
    case 6:
      return OrphanFound{draw_request(), draw<std::uint16_t>(0, 5),
                         "i-" + std::to_string(draw(0, 40))};
    case 7:
      return OrphanGone{"i-" + std::to_string(draw(0, 40))};
    case 8:
      return DeadlineReached{};
    default:
      return draw_outcome();
  }
}

/// Turns every other answer into one that something in flight waits for.
Input aimed(Input input, const State& state) {
  if (state.requests.empty() || draw(0, 2) == 0) return input;
  auto chosen = state.requests.begin();
  std::advance(chosen, draw(0, static_cast<int>(state.requests.size())));
  if (auto* outcome = std::get_if<LaunchOutcome>(&input)) {
    outcome->request = chosen->first;
    outcome->attempt = chosen->second.attempts;
  } else if (auto* list = std::get_if<Reconciled>(&input)) {
    list->request = chosen->first;
    list->attempt = chosen->second.attempts;
  } else if (auto* request = std::get_if<Request>(&input)) {
    request->request = {state.last_request.value + 1};
  }
  return input;
}

/// What holds of every state that a decision leaves.
void check_settled(const State& state, Instant now) {
  for (const auto& [id, request] : state.requests) {
    RC_ASSERT(id <= state.last_request);
    RC_ASSERT(request.granted < request.count);
    RC_ASSERT(request.attempt || request.wanted() > 0U);
  }
  // Nobody waits for ever: either a call is out, or a deadline is set.
  const bool waiting =
      std::any_of(state.requests.begin(), state.requests.end(),
                  [](const auto& entry) { return !entry.second.attempt; });
  const bool calling = std::any_of(
      state.requests.begin(), state.requests.end(),
      [](const auto& entry) { return entry.second.attempt.has_value(); });
  RC_ASSERT(!waiting || calling ||
            Decider::next_deadline(state) != Instant::never());
  RC_ASSERT(state.ungranted.size() <= 16U);
  RC_ASSERT(Decider::outstanding(state) == Decider::outstanding(state));
  for (const OfferingState& known : state.offerings) {
    RC_ASSERT(!known.cooling() || known.budget > 0U);
    RC_ASSERT(!known.cooling() || known.cooling_until > now ||
              Decider::next_deadline(state) <= now);
  }
}

struct Story {
  State state;
  Instant now = start;
  Ledger ledger;
  std::vector<std::pair<Event, Instant>> log;

  /// Decides on a copy first: the same copy must give the same events, and
  /// folding them must give the state that deciding left.
  Events tell(const Input& input) {
    State again = state;
    State folded = state;
    Events events = Decider::decide(state, input, now);
    RC_ASSERT(Decider::decide(again, input, now) == events);
    for (const Event& event : events) {
      Decider::evolve(folded, event, now);
      ledger.read(event, now);
      log.emplace_back(event, now);
      // Every prefix is a state that effects can be read from.
      static_cast<void>(Decider::outstanding(folded));
      static_cast<void>(Decider::next_deadline(folded));
    }
    RC_ASSERT(folded == state);
    RC_ASSERT(again == state);
    check_settled(state, now);
    RC_ASSERT(ledger.open() == state.requests.size());
    return events;
  }

  void later() { now = after_ms(now, draw(0, 12'000)); }
};

RC_GTEST_PROP(PoolProperty, any_story_folds_and_keeps_the_rules, ()) {
  Story story;
  if (draw(0, 4) > 0) story.tell(draw_configuration());
  const int steps = draw(1, 400);
  for (int i = 0; i < steps; ++i) {
    story.tell(aimed(draw_input(), story.state));
    story.later();
  }
  State replayed;
  for (const auto& [event, at] : story.log)
    Decider::evolve(replayed, event, at);
  RC_ASSERT(replayed == story.state);
  RC_ASSERT(digest(replayed) == digest(story.state));
}

RC_GTEST_PROP(PoolProperty, the_same_input_again_gives_nothing, ()) {
  Story story;
  story.tell(draw_configuration());
  for (int i = 0; i < 150; ++i) {
    const Input input = aimed(draw_input(), story.state);
    story.tell(input);
    // Two cancellations of one request may be alike and mean two.
    if (!std::holds_alternative<Cancel>(input)) {
      RC_ASSERT(story.tell(input).empty());
    }
    story.later();
  }
}

RC_GTEST_PROP(PoolProperty, deadlines_are_due_once, ()) {
  Story story;
  story.tell(draw_configuration());
  for (int i = 0; i < 150; ++i) {
    story.tell(aimed(draw_input(), story.state));
    if (Decider::next_deadline(story.state) <= story.now) {
      RC_ASSERT(!story.tell(DeadlineReached{}).empty());
    }
    RC_ASSERT(Decider::next_deadline(story.state) > story.now);
    RC_ASSERT(story.tell(DeadlineReached{}).empty());
    story.later();
  }
}

RC_GTEST_PROP(PoolProperty, a_cooling_pool_is_asked_once_per_window, ()) {
  Story story;
  Configure pool = draw_configuration();
  pool.spec.zones = {"a", "b"};
  story.tell(pool);
  // Six hungry requests a minute against a provider that has nothing.
  constexpr int minutes = 30;
  int calls = 0;
  std::uint32_t id = 0;
  for (int i = 0; i < minutes * 6; ++i) {
    story.tell(Request{OperationId{1}, RequestId{++id}, 3});
    while (!Decider::outstanding(story.state).empty()) {
      const auto call =
          std::get<Launch>(Decider::outstanding(story.state).front());
      ++calls;
      LaunchOutcome none;
      none.request = call.request;
      none.attempt = call.attempt;
      none.refused = call.count;
      none.kind = RefusalKind::capacity;
      story.tell(none);
    }
    story.now = after_ms(story.now, 10'000);
    story.tell(DeadlineReached{});
  }
  // At the cap of 60 s, less a fifth, and two zones; the first few windows
  // are shorter.
  RC_ASSERT(calls > minutes);
  RC_ASSERT(calls <= 2 * (minutes * 60 / 48 + 10));
  RC_ASSERT(story.ledger.open() == 0U);
}

}  // namespace
}  // namespace understudy::pool
