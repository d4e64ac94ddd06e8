#pragma once

/// An endpoint under test: inputs go in, events come out. Every decision is
/// compared with the fold of its events and checked for what always holds.

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "actors/endpoint/decider.hpp"
#include "actors/endpoint/reasons.hpp"
#include "tests/unit/endpoint/invariants.hpp"

namespace understudy::endpoint {

constexpr Instant start{1'760'000'000'000'000};

inline PoolSpec pool(std::string name, std::uint32_t priority) {
  PoolSpec spec;
  spec.name = name;
  spec.instance_type = "type-" + name;
  spec.zones = {"zone-a", "zone-b"};
  spec.priority = priority;
  return spec;
}

/// An endpoint of one variant, with pools a, b, c of priority 1, 2, 3.
inline EndpointSpec three_pools(std::uint32_t count) {
  VariantSpec variant;
  variant.initial_count = count;
  variant.pools = {pool("a", 1), pool("b", 2), pool("c", 3)};
  return {"chat", {variant}};
}

/// The names of events, in order, with spaces between.
inline std::string names(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) {
    if (!text.empty()) text += ' ';
    text +=
        std::visit([](const auto& e) { return std::string(e.name); }, event);
  }
  return text;
}

template <class T>
std::vector<T> all(const std::vector<Event>& events) {
  std::vector<T> found;
  for (const Event& event : events) {
    if (const T* one = std::get_if<T>(&event)) found.push_back(*one);
  }
  return found;
}

/// The last event of a type; a blank one, and a failure, when there is none.
template <class T>
T one(const std::vector<Event>& events) {
  const std::vector<T> found = all<T>(events);
  EXPECT_FALSE(found.empty()) << T::name << " in: " << names(events);
  return found.empty() ? T{} : found.back();
}

class Story {
 public:
  State state;
  Instant now = start;

  std::vector<Event> tell(const Input& input) {
    const State before = state;
    State again = before;
    State folded = before;
    std::vector<Event> events = Decider::decide(state, input, now);
    EXPECT_EQ(Decider::decide(again, input, now), events);
    for (const Event& event : events) {
      Decider::evolve(folded, event, now);
      EXPECT_EQ(broken(folded), "") << names(events);
    }
    EXPECT_EQ(folded, state) << names(events);
    EXPECT_EQ(unsettled(state), "") << names(events);
    return events;
  }

  /// Lets time pass without telling the endpoint.
  void pass_ms(std::int64_t ms) { now = after_ms(now, ms); }

  /// Goes to the endpoint's own deadline and tells it.
  std::vector<Event> wait() {
    const Instant due = Decider::next_deadline(state);
    EXPECT_NE(due, Instant::never());
    now = std::max(now, due);
    std::vector<Event> events = tell(DeadlineReached{});
    EXPECT_GT(Decider::next_deadline(state), now) << names(events);
    return events;
  }

  std::vector<Event> create(const EndpointSpec& spec) {
    return tell(CreateEndpoint{next_command(), spec});
  }
  std::vector<Event> update(const EndpointSpec& spec) {
    return tell(UpdateEndpoint{next_command(), spec});
  }
  std::vector<Event> scale_to(std::uint32_t desired,
                              std::vector<InFlight> in_flight = {}) {
    return tell(
        ScaleVariant{next_command(), "primary", desired, std::move(in_flight)});
  }
  std::vector<Event> remove() { return tell(DeleteEndpoint{next_command()}); }

  /// The ids that the next grant of `count` for a request has.
  std::vector<InstanceId> ids(std::uint32_t request, std::uint16_t count) {
    const std::uint16_t attempt = ++attempts_[request];
    std::vector<InstanceId> list;
    for (std::uint16_t i = 0; i < count; ++i)
      list.push_back(InstanceId::make({request}, attempt, i));
    return list;
  }

  std::vector<Event> grant(std::uint32_t request, std::uint16_t count) {
    return tell(grant_of(request, ids(request, count)));
  }

  [[nodiscard]] LaunchGranted grant_of(std::uint32_t request,
                                       std::vector<InstanceId> list) const {
    return {operation_of(request),
            {request},
            "primary",
            pool_of(request),
            std::move(list)};
  }

  std::vector<Event> deny(std::uint32_t request, RefusalKind kind,
                          std::int64_t reopens_in_ms = 0) {
    return tell(denial(request, kind, reopens_in_ms));
  }

  [[nodiscard]] LaunchDenied denial(std::uint32_t request, RefusalKind kind,
                                    std::int64_t reopens_in_ms = 0) const {
    LaunchDenied input;
    input.operation = operation_of(request);
    input.request = {request};
    input.variant = "primary";
    input.pool = pool_of(request);
    const auto* open = find(state.requests, RequestId{request});
    input.count = open == nullptr ? 1 : open->wanted();
    input.refusals = {{{"type-" + input.pool, "zone-a", {}},
                       kind,
                       "Code",
                       "the provider's text",
                       {}}};
    if (reopens_in_ms != 0) input.reopens_at = after_ms(now, reopens_in_ms);
    return input;
  }

  std::vector<Event> change(InstanceId id, InstanceChange change,
                            std::string detail = "detail") {
    return tell(InstanceChanged{id, change, std::move(detail)});
  }

  /// Everything that starts becomes ready.
  std::vector<Event> all_ready() {
    std::vector<Event> events;
    for (const InstanceId id : in(Phase::starting)) {
      for (Event& event : change(id, InstanceChange::ready))
        events.push_back(std::move(event));
    }
    return events;
  }

  [[nodiscard]] std::vector<InstanceId> in(Phase phase) const {
    std::vector<InstanceId> list;
    for (const auto& [id, instance] : state.instances) {
      if (instance.phase == phase) list.push_back(id);
    }
    return list;
  }

  [[nodiscard]] std::string pool_of(InstanceId id) const {
    return state.pools.at(state.instances.at(id).pool).name;
  }

  /// In service: `count` instances of pool a.
  static Story in_service(std::uint16_t count, EndpointSpec spec) {
    Story story;
    spec.variants[0].initial_count = count;
    story.create(spec);
    story.grant(1, count);
    story.pass_ms(1'000);
    story.all_ready();
    EXPECT_EQ(story.state.status, Status::in_service);
    return story;
  }

  static Story in_service(std::uint16_t count) {
    return in_service(count, three_pools(count));
  }

  /// In service: one instance in each of a, b, c, launched in that order.
  static Story one_in_each(EndpointSpec spec = three_pools(3)) {
    Story story;
    spec.variants[0].initial_count = 3;
    story.create(spec);
    story.grant(1, 1);
    story.pass_ms(1'000);
    story.deny(1, RefusalKind::capacity, 60'000);
    story.grant(2, 1);
    story.pass_ms(1'000);
    story.deny(2, RefusalKind::capacity, 60'000);
    story.grant(3, 1);
    story.pass_ms(1'000);
    story.all_ready();
    EXPECT_EQ(story.state.status, Status::in_service);
    return story;
  }

 private:
  std::string next_command() { return "command-" + std::to_string(++last_); }

  [[nodiscard]] OperationId operation_of(std::uint32_t request) const {
    const auto* open = find(state.requests, RequestId{request});
    return open == nullptr ? OperationId{} : open->operation;
  }

  [[nodiscard]] std::string pool_of(std::uint32_t request) const {
    const auto* open = find(state.requests, RequestId{request});
    return open == nullptr ? "a" : state.pools.at(open->pool).name;
  }

  std::map<std::uint32_t, std::uint16_t> attempts_;
  int last_ = 0;
};

}  // namespace understudy::endpoint
