#pragma once

/// The four deciders behind one door: which decider a stream belongs to, and
/// values that hold any one of their states, inputs and effects.

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "actors/autoscaler/decider.hpp"
#include "actors/core/check.hpp"
#include "actors/core/decider.hpp"
#include "actors/core/ids.hpp"
#include "actors/endpoint/decider.hpp"
#include "actors/instance/decider.hpp"
#include "actors/pool/decider.hpp"
#include "actors/runtime/record.hpp"

namespace understudy {

static_assert(Decider<endpoint::Decider> && Decider<pool::Decider> &&
              Decider<instance::Decider> && Decider<autoscaler::Decider>);

using AnyInput = std::variant<endpoint::Input, pool::Input, instance::Input,
                              autoscaler::Input>;
using AnyEffect = std::variant<endpoint::Effect, pool::Effect, instance::Effect,
                               autoscaler::Effect>;

/// Boxed, so that a million resting instances cost what they hold and not
/// what the largest state would.
using AnyState =
    std::variant<std::unique_ptr<endpoint::State>, std::unique_ptr<pool::State>,
                 std::unique_ptr<instance::State>,
                 std::unique_ptr<autoscaler::State>>;

/// Calls `f` with the decider of `kind`, as an object without state.
template <class F>
decltype(auto) with_decider(ActorKind kind, F&& f) {
  switch (kind) {
    case ActorKind::pool:
      return f(pool::Decider{});
    case ActorKind::instance:
      return f(instance::Decider{});
    case ActorKind::autoscaler:
      return f(autoscaler::Decider{});
    case ActorKind::endpoint:
      break;
  }
  return f(endpoint::Decider{});
}

template <class T, class Variant>
struct is_alternative : std::false_type {};
template <class T, class... A>
struct is_alternative<T, std::variant<A...>>
    : std::bool_constant<(std::is_same_v<T, A> || ...)> {};

/// `from` as the narrower variant `To`; false when it does not hold one of
/// its alternatives.
template <class To, class From>
bool narrow(From&& from, To& to) {
  return std::visit(
      [&to](auto&& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (is_alternative<T, To>::value) {
          to = std::forward<decltype(value)>(value);
          return true;
        } else {
          return false;
        }
      },
      std::forward<From>(from));
}

/// Every alternative of `From` is one of `To`.
template <class To, class From>
To widen(From&& from) {
  return std::visit(
      [](auto&& value) -> To { return std::forward<decltype(value)>(value); },
      std::forward<From>(from));
}

[[nodiscard]] AnyState blank_state(ActorKind kind);
[[nodiscard]] AnyState copy_of(const AnyState& state);

/// What `outstanding` lists, and when the next deadline is due.
[[nodiscard]] std::vector<AnyEffect> outstanding(const AnyState& state);
[[nodiscard]] Instant next_deadline(const AnyState& state);
[[nodiscard]] bool ended(const AnyState& state);
[[nodiscard]] std::uint64_t digest_of(const AnyState& state);
[[nodiscard]] std::uint16_t decider_version(ActorKind kind);

/// False when the event is not one of this kind of actor. The event is used
/// and given back as it was.
bool evolve(AnyState& state, AnyEvent& event, Instant at);

/// The events of one decision; `state` is left as they make it. An input of
/// another kind of actor gives none.
[[nodiscard]] std::vector<AnyEvent> decide(AnyState& state,
                                           const AnyInput& input, Instant now);

/// An input from outside as the input of an actor of `kind`; false when that
/// kind does not take it.
bool to_actor_input(ActorKind kind, const OutsideInput& input, AnyInput& out);

}  // namespace understudy
