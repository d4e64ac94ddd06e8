/// A pool decider, a small provider that loses, delays and repeats, and a
/// process that crashes: whatever happens, once the trouble is over no
/// request is open and nothing is paid for that nobody knows of.

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "actors/pool/decider.hpp"
#include "tests/property/pool_draw.hpp"
#include "tests/property/pool_ledger.hpp"

namespace understudy::pool {
namespace {

/// Holds to the promises of the capacity provider's port: the same token
/// gives the same answer, and its list is the truth.
class Provider {
 public:
  LaunchOutcome launch(const Launch& call) {
    const AttemptId token{call.request, call.attempt};
    for (const auto& [known, answer] : answers_) {
      if (known == token) return answer;
    }
    answers_.emplace_back(token, answer_to(call));
    for (const Grant& grant : answers_.back().second.granted) {
      live_[grant.provider_ref] = token;
    }
    return answers_.back().second;
  }

  [[nodiscard]] Reconciled list(const Reconcile& question) const {
    Reconciled answer{question.request, question.attempt, {}};
    const AttemptId token{question.request, question.attempt};
    for (const auto& [ref, of] : live_) {
      if (of == token) answer.found.push_back({ref, "host"});
    }
    return answer;
  }

  void end(const std::string& ref) { live_.erase(ref); }

  [[nodiscard]] const std::map<std::string, AttemptId>& live() const {
    return live_;
  }

 private:
  LaunchOutcome answer_to(const Launch& call) {
    LaunchOutcome answer;
    answer.request = call.request;
    answer.attempt = call.attempt;
    const auto kind = draw<RefusalKind>(0, 6);
    const bool refuses = kind != RefusalKind::none;
    const bool partly = draw(0, 3) == 0 && kind != RefusalKind::throttled;
    const std::uint32_t granted = !refuses ? call.count
                                  : partly ? call.count / 2
                                           : 0;
    if (kind == RefusalKind::unknown) return answer;
    answer.kind = kind;
    if (kind != RefusalKind::throttled) answer.refused = call.count - granted;
    for (std::uint32_t i = 0; i < granted; ++i) {
      answer.granted.push_back({"i-" + std::to_string(call.request.value) +
                                    '-' + std::to_string(call.attempt) + '-' +
                                    std::to_string(i),
                                "host"});
    }
    return answer;
  }

  std::vector<std::pair<AttemptId, LaunchOutcome>> answers_;
  std::map<std::string, AttemptId> live_;
};

/// What is on its way: a call to the provider, or news for the pool.
using Parcel = std::variant<Launch, Reconcile, GiveBack, Input>;

class World {
 public:
  World() { reconfigure(); }

  void trouble() {
    switch (draw(0, 16)) {
      case 0:
      case 1:
        last_request_ += draw<std::uint32_t>(1, 3);
        return tell(Request{OperationId{last_request_},
                            RequestId{last_request_},
                            draw<std::uint32_t>(1, 7)});
      case 2:
        return tell(Cancel{RequestId{draw<std::uint32_t>(
                               1, static_cast<int>(last_request_) + 2)},
                           draw<std::uint32_t>(1, 7)});
      case 3:
        return draw(0, 4) == 0 ? reconfigure() : void();
      case 4:
        return draw(0, 3) == 0 ? crash() : void();
      case 5:
        return sweep();
      case 6:
        return lose();
      case 7:
      case 8:
        return pass(draw(0, 90'000));
      default:
        return deliver(draw(0, 8) == 0);
    }
  }

  /// Everything arrives, time goes on: how many steps until rest.
  int calm() {
    int steps = 0;
    while (!at_rest()) {
      RC_ASSERT(++steps < 20'000);
      if (!parcels_.empty()) {
        deliver(false);
      } else {
        start_effects(true);
        if (parcels_.empty()) pass_to_deadline();
      }
      if (at_rest()) sweep();
    }
    return steps;
  }

  void check_books() const {
    RC_ASSERT(state_.requests.empty());
    RC_ASSERT(ledger_.open() == 0U);
    for (const auto& [ref, token] : provider_.live()) {
      RC_ASSERT(ledger_.reported().contains(ref));
    }
    for (const std::string& ref : ledger_.reported()) {
      RC_ASSERT(provider_.live().contains(ref));
    }
  }

 private:
  void tell(const Input& input) {
    for (const Event& event : Decider::decide(state_, input, now_)) {
      ledger_.read(event, now_);
      log_.emplace_back(event, now_);
    }
    start_effects(false);
  }

  /// Starts what is owed and not yet running; `again` when an answer may
  /// have been lost.
  void start_effects(bool again) {
    const auto owed = Decider::outstanding(state_);
    std::erase_if(running_, [&](const Effect& effect) {
      return again || std::find(owed.begin(), owed.end(), effect) == owed.end();
    });
    for (const Effect& effect : owed) {
      if (std::find(running_.begin(), running_.end(), effect) !=
          running_.end()) {
        continue;
      }
      running_.push_back(effect);
      std::visit([&](const auto& call) { parcels_.emplace_back(call); },
                 effect);
    }
  }

  void deliver(bool twice) {
    if (parcels_.empty()) return;
    const auto at =
        parcels_.begin() + draw(0, static_cast<int>(parcels_.size()));
    const Parcel parcel = *at;
    if (!twice) parcels_.erase(at);
    std::visit([&](const auto& content) { arrive(content); }, parcel);
  }

  void arrive(const Launch& call) {
    parcels_.emplace_back(Input(provider_.launch(call)));
  }
  void arrive(const Reconcile& question) {
    parcels_.emplace_back(Input(provider_.list(question)));
  }
  void arrive(const GiveBack& call) {
    provider_.end(call.provider_ref);
    parcels_.emplace_back(Input(OrphanGone{call.provider_ref}));
  }
  void arrive(const Input& input) { tell(input); }

  /// A parcel gets lost; whoever waits for a launch hears that nobody knows.
  void lose() {
    if (parcels_.empty()) return;
    const auto at =
        parcels_.begin() + draw(0, static_cast<int>(parcels_.size()));
    const Parcel parcel = *at;
    // One in two is only late: the call is carried out after the time-out.
    if (draw(0, 2) == 0) parcels_.erase(at);
    LaunchOutcome lost;
    lost.kind = RefusalKind::unknown;
    if (const auto* call = std::get_if<Launch>(&parcel)) {
      lost.request = call->request;
      lost.attempt = call->attempt;
      tell(lost);
    }
  }

  void crash() {
    state_ = {};
    for (const auto& [event, at] : log_)
      Decider::evolve(state_, event, at);
    running_.clear();
    start_effects(false);
  }

  /// Compares the provider's list with what is known, at one instant.
  void sweep() {
    const std::map<std::string, AttemptId> seen = provider_.live();
    for (const auto& [ref, token] : seen) {
      if (ledger_.reported().contains(ref)) continue;
      tell(OrphanFound{token.request, token.attempt, ref});
    }
  }

  void reconfigure() {
    Configure input;
    input.spec.instance_type = "p5";
    const int zones = draw(1, 4);
    for (int i = 0; i < zones; ++i) {
      input.spec.zones.emplace_back(1, draw<char>('a', 'd'));
    }
    input.cool_down = {30'000, 120'000};
    input.model = std::string(1, draw<char>('m', 'o'));
    if (draw(0, 1) > 0) input.environment = {{"A", input.model}};
    tell(input);
  }

  void pass(std::int64_t ms) {
    now_ = after_ms(now_, ms);
    if (Decider::next_deadline(state_) <= now_) tell(DeadlineReached{});
  }

  void pass_to_deadline() {
    const Instant due = Decider::next_deadline(state_);
    RC_ASSERT(state_.requests.empty() || due != Instant::never());
    if (due == Instant::never()) return;
    now_ = std::max(now_, due);
    tell(DeadlineReached{});
  }

  [[nodiscard]] bool at_rest() const {
    return parcels_.empty() && state_.requests.empty() &&
           Decider::outstanding(state_).empty();
  }

  State state_;
  Instant now_{1'760'000'000'000'000};
  Ledger ledger_;
  Provider provider_;
  std::vector<std::pair<Event, Instant>> log_;
  std::vector<Parcel> parcels_;
  std::vector<Effect> running_;
  std::uint32_t last_request_ = 0;
};

RC_GTEST_PROP(PoolModel, no_request_stays_open_and_no_orphan_stays_paid, ()) {
  World world;
  const int steps = draw(1, 300);
  for (int i = 0; i < steps; ++i)
    world.trouble();
  world.calm();
  world.check_books();
}

}  // namespace
}  // namespace understudy::pool
