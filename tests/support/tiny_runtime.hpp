#pragma once

/// The deciders in a small synchronous loop, for tests that need a true log
/// of a few records: no threads, no CAF, a world that does as it is told.
///
///     TinyRuntime tiny(start);
///     tiny.capacity[{"gpu", "zone-b", Market::spot}] = 4;
///     tiny.submit(StreamId::endpoint("chat"), create);
///     tiny.run_for(60'000);
///     use(tiny.records());
///
/// Every record has its true cause, so that such a log verifies.

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/core/check.hpp"
#include "actors/core/digest.hpp"
#include "actors/runtime/fleet.hpp"
#include "actors/runtime/routes.hpp"

namespace understudy {

class TinyRuntime {
 public:
  explicit TinyRuntime(Instant start) : now_(start) {}

  /// What the provider still has; what is not named has none.
  std::map<Offering, std::uint32_t> capacity;
  std::int64_t answer_ms = 2'000;    ///< Of a launch call, granted or not.
  std::int64_t startup_ms = 90'000;  ///< From launch to good probes.
  std::int64_t ending_ms = 10'000;   ///< From drained to gone.

  /// Hands an input in and lets everything that follows at once happen.
  void submit(const StreamId& to, OutsideInput input) {
    AnyInput own;
    UNDERSTUDY_CHECK(to_actor_input(to.kind(), input, own));
    handle(to, own, {0, std::move(input)});
    settle();
  }

  /// Hands it in at `at`, while time runs.
  void submit_at(Instant at, const StreamId& to, OutsideInput input) {
    agenda_.emplace(at, std::pair(to, std::move(input)));
  }

  void run_for(std::int64_t ms) {
    const Instant end = after_ms(now_, ms);
    for (;;) {
      const auto [due, stream] = next_deadline();
      const Instant planned =
          agenda_.empty() ? Instant::never() : agenda_.begin()->first;
      if (std::min(due, planned) > end) break;
      now_ = std::max(now_, std::min(due, planned));
      if (due < planned) {
        submit(stream, DeadlineReached{});
        continue;
      }
      auto next = agenda_.extract(agenda_.begin());
      submit(next.mapped().first, std::move(next.mapped().second));
    }
    now_ = end;
  }

  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] const Fleet& fleet() const { return fleet_; }
  [[nodiscard]] Instant now() const { return now_; }

 private:
  void handle(const StreamId& to, const AnyInput& input, Cause cause) {
    // Looked up, not made: a stream without records has no place in a fleet.
    const Rest* rest = fleet_.find(to.text);
    AnyState state =
        rest == nullptr ? blank_state(to.kind()) : copy_of(rest->state);
    const auto events = decide(state, input, now_);
    Record record;
    record.stream = to;
    record.version = rest == nullptr ? 0 : rest->version;
    record.epoch = 1;
    record.time = now_;
    record.decider_version = decider_version(to.kind());
    record.parts = static_cast<std::uint16_t>(events.size());
    record.delivered =
        std::max(rest == nullptr ? 0 : rest->delivered, cause.sequence);
    for (const auto& event : events) {
      record.sequence = fleet_.sequence() + 1;
      ++record.version;
      record.cause = record.part == 0 ? cause : Cause{};
      record.event = event;
      records_.push_back(record);
      UNDERSTUDY_CHECK(fleet_.apply(record).ok());
      for (auto& delivery : route(to, event))
        queue_.emplace_back(record.sequence, std::move(delivery));
      ++record.part;
    }
  }

  void settle() {
    while (!queue_.empty()) {
      auto [sequence, delivery] = std::move(queue_.front());
      queue_.pop_front();
      handle(delivery.to, delivery.input, {sequence, DeadlineReached{}});
    }
    for (const auto& stream : fleet_.streams()) {
      const auto effects = outstanding(fleet_.find(stream.text)->state);
      for (const auto& effect : effects) {
        std::visit([&](const auto& own) { start(stream, own); }, effect);
      }
    }
  }

  template <class Effect>
  void start(const StreamId& stream, const Effect& effect) {
    std::visit(
        [&](const auto& one) {
          const auto key =
              std::pair(stream.text + '/' + std::string(one.name), digest(one));
          if (started_.insert(key).second) run(stream, one);
        },
        effect);
  }

  void run(const StreamId& stream, const pool::Launch& call) {
    std::uint32_t& left = capacity[call.offering];
    const std::uint32_t granted = std::min(left, call.count);
    left -= granted;
    pool::LaunchOutcome outcome;
    outcome.request = call.request;
    outcome.attempt = call.attempt;
    for (std::uint32_t i = 0; i < granted; ++i) {
      const std::string ref = "i-" + std::to_string(++launched_);
      outcome.granted.push_back({ref, ref + ".example:8080"});
    }
    outcome.refused = call.count - granted;
    if (outcome.refused > 0) {
      outcome.kind = RefusalKind::capacity;
      outcome.code = "STOCKOUT";
      outcome.message = "no capacity in " + call.offering.zone;
    }
    submit_at(after_ms(now_, answer_ms), stream, std::move(outcome));
  }

  void run(const StreamId& stream, const instance::Watch& call) {
    submit_at(after_ms(call.launched_at, startup_ms), stream,
              instance::ProbeReport{true, false, call.healthy_threshold, {}});
  }

  void run(const StreamId& stream, const instance::AwaitDrained&) {
    submit_at(now_, stream, instance::DrainFinished{});
  }

  void run(const StreamId& stream, const instance::Terminate&) {
    submit_at(after_ms(now_, ending_ms), stream, instance::Gone{});
  }

  template <class Other>
  void run(const StreamId&, const Other&) {}

  [[nodiscard]] std::pair<Instant, StreamId> next_deadline() const {
    std::pair<Instant, StreamId> next{Instant::never(), {}};
    for (const auto& stream : fleet_.streams()) {
      const Instant due =
          understudy::next_deadline(fleet_.find(stream.text)->state);
      if (due < next.first) next = {due, stream};
    }
    return next;
  }

  static AnyState copy_of(const AnyState& state) {
    return std::visit(
        [](const auto& box) -> AnyState {
          using State = std::decay_t<decltype(*box)>;
          return std::make_unique<State>(*box);
        },
        state);
  }

  Instant now_;
  Fleet fleet_;
  std::vector<Record> records_;
  std::deque<std::pair<std::uint64_t, Delivery>> queue_;
  std::multimap<Instant, std::pair<StreamId, OutsideInput>> agenda_;
  std::set<std::pair<std::string, std::uint64_t>> started_;
  std::uint32_t launched_ = 0;
};

}  // namespace understudy
