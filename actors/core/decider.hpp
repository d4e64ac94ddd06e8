#pragma once

/// What makes a decider: plain values and pure functions.
///
/// - `decide(state, input, now)` returns the events that the input causes and
///   leaves `state` as those events make it: nothing else changes it. The
///   same state, input and instant give the same events, always. No events
///   means that nothing happened and nothing is stored.
/// - `evolve(state, event, at)` is total: it takes whatever `decide` ever
///   emitted. `at` is the instant of the decision, from the record.
/// - `outstanding(state)` lists the effects that are owed to the outside
///   world, in a fixed order. Running and recovery both start from it.
/// - `next_deadline(state)`: when `DeadlineReached` is due.
///
/// Thread safety: none needed; a state belongs to one actor.

#include <concepts>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/core/describe.hpp"
#include "actors/core/instant.hpp"

namespace understudy {

/// The input of every decider: its `next_deadline` has passed.
struct DeadlineReached {
  static constexpr std::string_view name = "deadline-reached";
  UNDERSTUDY_FIELDS(DeadlineReached)
};

template <class D>
concept Decider = requires(typename D::State state,
                           const typename D::State& seen,
                           const typename D::Input& input,
                           const typename D::Event& event, Instant at) {
  { D::version } -> std::convertible_to<std::uint16_t>;
  {
    D::decide(state, input, at)
    } -> std::same_as<std::vector<typename D::Event>>;
  { D::evolve(state, event, at) } -> std::same_as<void>;
  { D::outstanding(seen) } -> std::same_as<std::vector<typename D::Effect>>;
  { D::next_deadline(seen) } -> std::same_as<Instant>;
};

/// Collects the events of one decision and keeps the state in step, so that
/// later parts of the decision see what earlier ones did.
template <class State, class Event>
class Draft {
 public:
  using Evolve = void (*)(State&, const Event&, Instant);

  /// `state` must outlive the draft.
  Draft(State& state, Instant now, Evolve evolve)
      : state_(state), now_(now), evolve_(evolve) {}

  void emit(Event event) {
    evolve_(state_, event, now_);
    events_.push_back(std::move(event));
  }

  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] std::vector<Event> take() && { return std::move(events_); }

 private:
  State& state_;
  Instant now_;
  Evolve evolve_;
  std::vector<Event> events_;
};

}  // namespace understudy
