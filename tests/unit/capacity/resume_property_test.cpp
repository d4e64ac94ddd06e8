/// A simulation that is stopped at any instant and restarted from its log
/// meets the same world: the same answers at the same instants.

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/capacity/simulated_world.hpp"

namespace understudy {
namespace {

/// One thing that a control plane asks for, and the answer once it is there.
struct Ask {
  std::int64_t ms = 0;
  bool launch = true;
  std::string token;
  Offering offering;
  std::uint32_t count = 1;
  std::string ends;  ///< Of a terminate: the provider_ref.
  Instant answered_at = Instant::never();
  LaunchAnswer answer;
};

class Run {
 public:
  Run(std::vector<Ask> asks, ProviderWorld world, Instant start)
      : asks_(std::move(asks)),
        clock_(start),
        provider_(clock_, small_trace(), world, 3) {
    provider_.on_notice([this](const ProviderNotice& notice) {
      if (notice.gone) gone_[notice.provider_ref] = clock_.now();
    });
  }

  Instant at(const Ask& ask) const {
    return after_ms(small_trace().start(), ask.ms);
  }

  void ask(Ask& ask) {
    if (ask.launch) {
      provider_.launch({"us", ask.token, ask.offering, ask.count, "m", at(ask)},
                       [this, &ask](LaunchAnswer answer) {
                         ask.answered_at = clock_.now();
                         ask.answer = std::move(answer);
                       });
    } else {
      provider_.terminate(ask.ends, at(ask), [this, &ask](TerminateAnswer) {
        ask.answered_at = clock_.now();
        gone_.emplace(ask.ends, clock_.now());
      });
    }
  }

  /// Goes on from `from`, which is answered up to and with that instant.
  void run(Instant from, Instant until) {
    for (Ask& next : asks_) {
      if (at(next) > until) break;
      if (at(next) <= from) continue;
      while (clock_.fire_next(at(next))) {
      }
      clock_.advance_to(at(next));
      ask(next);
    }
    while (clock_.fire_next(until)) {
    }
  }

  /// As a simulation does after a crash at `now`, from what `log` knows.
  void resume(const Run& log, Instant now) {
    gone_ = log.gone_;
    std::vector<HeldInstance> held;
    for (const Ask& ask : log.asks_) {
      for (const ProviderInstance& granted : ask.answer.granted) {
        if (gone_.contains(granted.provider_ref)) continue;
        held.push_back(
            {"us", ask.token, granted.index, ask.offering, ask.answered_at});
      }
    }
    provider_.restore(held);
    for (Ask& ask : asks_) {
      const bool answered = ask.answered_at != Instant::never();
      if (at(ask) <= now && !answered) this->ask(ask);
    }
  }

  std::vector<Ask> asks_;
  std::map<std::string, Instant> gone_;
  VirtualClock clock_;
  SimulatedCapacity provider_;
};

/// Launches and, some of them, terminates of what those may have granted.
std::vector<Ask> any_asks() {
  std::vector<Ask> asks;
  const int count = *rc::gen::inRange(1, 25);
  for (int i = 0; i < count; ++i) {
    Ask launch;
    launch.ms = *rc::gen::inRange<std::int64_t>(1, 900'000);
    launch.token = "t" + std::to_string(i);
    launch.offering = *rc::gen::element(west, east, dry);
    launch.count = *rc::gen::inRange<std::uint32_t>(1, 4);
    asks.push_back(launch);
    if (*rc::gen::arbitrary<bool>()) {
      Ask end;
      end.launch = false;
      end.ms = launch.ms + *rc::gen::inRange<std::int64_t>(60'000, 300'000);
      end.ends = SimulatedCapacity::provider_ref_of(launch.token, 0);
      asks.push_back(end);
    }
  }
  std::sort(asks.begin(), asks.end(), [](const Ask& a, const Ask& b) {
    return std::tie(a.ms, a.token, a.ends) < std::tie(b.ms, b.token, b.ends);
  });
  return asks;
}

RC_GTEST_PROP(SimulatedCapacityResume, Meets_the_same_world, ()) {
  ProviderWorld world;
  world.reclaim = {*rc::gen::arbitrary<bool>(), {100'000, 600'000}, 30'000};
  const Instant start = small_trace().start();
  const Instant end = after_ms(start, 3'600'000);
  const auto asks = any_asks();
  Run whole(asks, world, start);
  whole.run(start, end);

  const Instant cut{start.us +
                    *rc::gen::inRange<std::int64_t>(0, 1'300'000'000)};
  Run before(asks, world, start);
  before.run(start, cut);
  Run after(before.asks_, world, cut);
  after.resume(before, cut);
  after.run(cut, end);

  for (std::size_t i = 0; i < asks.size(); ++i) {
    const Ask& once = whole.asks_[i];
    const Ask& again = after.asks_[i];
    // Once an instance is gone nobody asks to end it any more; when it went
    // is compared below.
    if (!once.launch) continue;
    RC_ASSERT(again.answered_at == once.answered_at);
    RC_ASSERT(again.answer.refused == once.answer.refused);
    RC_ASSERT(again.answer.granted.size() == once.answer.granted.size());
  }
  RC_ASSERT(after.gone_ == whole.gone_);
}

}  // namespace
}  // namespace understudy
