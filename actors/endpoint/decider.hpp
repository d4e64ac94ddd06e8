#pragma once

/// The endpoint decider: see actors/core/decider.hpp for what each function
/// promises and README.md for the rules.

#include <cstdint>
#include <vector>

#include "actors/endpoint/command.hpp"
#include "actors/endpoint/effect.hpp"
#include "actors/endpoint/event.hpp"
#include "actors/endpoint/state.hpp"

namespace understudy::endpoint {

struct Decider {
  using State = endpoint::State;
  using Input = endpoint::Input;
  using Event = endpoint::Event;
  using Effect = endpoint::Effect;

  /// Raised whenever `decide` would answer an old input differently.
  static constexpr std::uint16_t version = 1;

  static std::vector<Event> decide(State& state, const Input& input,
                                   Instant now);
  static void evolve(State& state, const Event& event, Instant at);
  static std::vector<Effect> outstanding(const State& state);
  static Instant next_deadline(const State& state);
  /// True when the stream is over and its state may be forgotten: a blank
  /// state answers everything that may still arrive alike.
  static bool ended(const State& state);
};

}  // namespace understudy::endpoint
