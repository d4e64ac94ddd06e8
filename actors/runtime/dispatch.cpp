#include "actors/runtime/dispatch.hpp"

#include "actors/core/digest.hpp"

namespace understudy {
namespace {

template <class State>
struct decider_of;
template <>
struct decider_of<endpoint::State> : std::type_identity<endpoint::Decider> {};
template <>
struct decider_of<pool::State> : std::type_identity<pool::Decider> {};
template <>
struct decider_of<instance::State> : std::type_identity<instance::Decider> {};
template <>
struct decider_of<autoscaler::State> : std::type_identity<autoscaler::Decider> {
};

/// Calls `f(decider, state)` for the state that `any` holds.
template <class Any, class F>
decltype(auto) with_state(Any& any, F&& f) {
  return std::visit(
      [&f](auto& box) -> decltype(auto) {
        using State = std::decay_t<decltype(*box)>;
        return f(typename decider_of<State>::type{}, *box);
      },
      any);
}

}  // namespace

AnyState blank_state(ActorKind kind) {
  return with_decider(kind, [](auto decider) -> AnyState {
    return std::make_unique<typename decltype(decider)::State>();
  });
}

AnyState copy_of(const AnyState& state) {
  return with_state(state, [](auto, const auto& s) -> AnyState {
    return std::make_unique<std::decay_t<decltype(s)>>(s);
  });
}

std::vector<AnyEffect> outstanding(const AnyState& state) {
  return with_state(state, [](auto decider, const auto& s) {
    std::vector<AnyEffect> all;
    for (auto& effect : decider.outstanding(s)) {
      all.emplace_back(std::move(effect));
    }
    return all;
  });
}

Instant next_deadline(const AnyState& state) {
  return with_state(state, [](auto decider, const auto& s) {
    return decider.next_deadline(s);
  });
}

bool ended(const AnyState& state) {
  return with_state(
      state, [](auto decider, const auto& s) { return decider.ended(s); });
}

std::uint64_t digest_of(const AnyState& state) {
  return with_state(state, [](auto, const auto& s) { return digest(s); });
}

std::uint16_t decider_version(ActorKind kind) {
  return with_decider(kind, [](auto decider) { return decider.version; });
}

bool evolve(AnyState& state, AnyEvent& event, Instant at) {
  return with_state(state, [&](auto decider, auto& s) {
    using D = std::remove_cvref_t<decltype(decider)>;
    using Own = typename D::Event;
    return std::visit(
        [&](auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (is_alternative<T, Own>::value) {
            // Moved there and back: no copy, and a reader that uses one
            // record again keeps its memory.
            Own own(std::in_place_type<T>, std::move(value));
            D::evolve(s, own, at);
            value = std::move(*std::get_if<T>(&own));
            return true;
          } else {
            return false;
          }
        },
        event);
  });
}

std::vector<AnyEvent> decide(AnyState& state, const AnyInput& input,
                             Instant now) {
  return with_state(state, [&](auto decider, auto& s) {
    std::vector<AnyEvent> events;
    const auto* own = std::get_if<typename decltype(decider)::Input>(&input);
    if (own == nullptr) return events;
    for (auto& event : decider.decide(s, *own, now)) {
      events.push_back(widen<AnyEvent>(std::move(event)));
    }
    return events;
  });
}

bool to_actor_input(ActorKind kind, const OutsideInput& input, AnyInput& out) {
  return with_decider(kind, [&](auto decider) {
    typename decltype(decider)::Input own;
    if (!narrow(input, own)) return false;
    out = std::move(own);
    return true;
  });
}

}  // namespace understudy
