#pragma once

/// A pool under test: inputs go in, events come out, and every decision is
/// checked against the fold of its events on the way.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "actors/pool/decider.hpp"

namespace understudy::pool {

constexpr Instant start{1'760'000'000'000'000};

inline Offering offering(std::string zone) {
  return {"p5.48xlarge", std::move(zone), Market::on_demand};
}

inline Configure configure(std::vector<std::string> zones) {
  Configure input;
  input.spec.name = "h100";
  input.spec.instance_type = "p5.48xlarge";
  input.spec.zones = std::move(zones);
  input.spec.max_concurrency = 8;
  input.spec.price_micros_per_hour = 98'000'000;
  input.cool_down = {60'000, 300'000};
  input.model = "llama";
  input.environment = {{"DTYPE", "bf16"}};
  return input;
}

inline Request request(std::uint32_t id, std::uint32_t count) {
  return {OperationId{std::uint64_t{id} * 10}, RequestId{id}, count};
}

inline Cancel cancel(std::uint32_t id, std::uint32_t count) {
  return {RequestId{id}, count};
}

/// Grants named `i-REQUEST-ATTEMPT-INDEX`.
inline std::vector<Grant> grants(std::uint32_t id, std::uint16_t attempt,
                                 std::uint32_t count) {
  std::vector<Grant> out;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string ref = std::to_string(id) + '-' + std::to_string(attempt) +
                            '-' + std::to_string(i);
    out.push_back({"i-" + ref, "host-" + ref + ":80"});
  }
  return out;
}

inline LaunchOutcome granted(std::uint32_t id, std::uint16_t attempt,
                             std::uint32_t count) {
  LaunchOutcome outcome;
  outcome.request = {id};
  outcome.attempt = attempt;
  outcome.granted = grants(id, attempt, count);
  return outcome;
}

inline LaunchOutcome refused(std::uint32_t id, std::uint16_t attempt,
                             std::uint32_t count, RefusalKind kind) {
  LaunchOutcome outcome;
  outcome.request = {id};
  outcome.attempt = attempt;
  outcome.refused = count;
  outcome.kind = kind;
  outcome.code = "Code-" + std::string(name_of(kind));
  outcome.message = "message of " + std::string(name_of(kind));
  return outcome;
}

inline Reconciled reconciled(std::uint32_t id, std::uint16_t attempt,
                             std::uint32_t count) {
  return {RequestId{id}, attempt, grants(id, attempt, count)};
}

inline std::vector<std::string_view> names(const std::vector<Event>& events) {
  std::vector<std::string_view> out;
  out.reserve(events.size());
  for (const Event& event : events) {
    out.push_back(
        std::visit([](const auto& known) { return known.name; }, event));
  }
  return out;
}

/// The events of one kind.
template <class E>
std::vector<E> all(const std::vector<Event>& events) {
  std::vector<E> out;
  for (const Event& event : events) {
    if (const auto* found = std::get_if<E>(&event)) out.push_back(*found);
  }
  return out;
}

/// The one event of a kind.
template <class E>
E only(const std::vector<Event>& events) {
  const auto found = all<E>(events);
  EXPECT_EQ(found.size(), 1U) << E::name;
  return found.empty() ? E{} : found.front();
}

struct PoolGiven {
  State state;
  Instant now = start;

  PoolGiven() = default;
  explicit PoolGiven(std::vector<std::string> zones) {
    when(configure(std::move(zones)));
  }

  /// Hands an input in and returns what it caused.
  std::vector<Event> when(const Input& input) {
    State folded = state;
    State again = state;
    auto events = Decider::decide(state, input, now);
    for (const Event& event : events)
      Decider::evolve(folded, event, now);
    EXPECT_EQ(folded, state);
    EXPECT_EQ(Decider::decide(again, input, now), events);
    return events;
  }

  void later_ms(std::int64_t ms) { now = after_ms(now, ms); }

  /// Moves to the next deadline and lets it pass.
  std::vector<Event> at_deadline() {
    const Instant due = Decider::next_deadline(state);
    EXPECT_NE(due, Instant::never());
    now = due;
    return when(DeadlineReached{});
  }

  [[nodiscard]] const OfferingState& of(const std::string& zone) const {
    static const OfferingState none;
    for (const OfferingState& known : state.offerings) {
      if (known.offering == offering(zone)) return known;
    }
    ADD_FAILURE() << "no offering in zone " << zone;
    return none;
  }

  /// Leaves the zone open with a budget of one probe.
  void refuse_and_reopen(std::uint32_t id) {
    when(request(id, 1));
    when(refused(id, 1, 1, RefusalKind::capacity));
    at_deadline();
  }
};

using Names = std::vector<std::string_view>;

}  // namespace understudy::pool
