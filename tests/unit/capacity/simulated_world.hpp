#pragma once

/// A small world on virtual time for the tests of the simulated provider.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "services/capacity/simulated_capacity.hpp"
#include "services/clock/virtual_clock.hpp"

namespace understudy {

inline const Offering west{"h100", "west", Market::spot};
inline const Offering east{"h100", "east", Market::spot};
inline const Offering dry{"h100", "dry", Market::on_demand};

/// west: 4, from second 600 on 1. east: 100. dry: 0, from second 600 on 2.
inline CapacityTrace small_trace() {
  auto trace = CapacityTrace::parse("small",
                                    "understudy-capacity 1\n"
                                    "start 2025-01-01T00:00:00Z\n"
                                    "offering 0 h100 west spot\n"
                                    "offering 1 h100 east spot\n"
                                    "offering 2 h100 dry on-demand\n"
                                    "0 0 4\n0 1 100\n0 2 0\n"
                                    "600 0 1\n600 2 2\n"
                                    "end 2025-01-02T00:00:00Z\n");
  return std::move(trace).value();
}

class SimulatedWorld : public testing::Test {
 protected:
  SimulatedWorld() { restart(start()); }

  static Instant start() { return small_trace().start(); }
  static Instant second(std::int64_t s) { return after_ms(start(), s * 1000); }

  /// A new provider that remembers nothing, at `now`.
  void restart(Instant now) {
    provider_.reset();
    clock_.emplace(now);
    provider_.emplace(*clock_, small_trace(), world_, seed_);
  }

  void run(Instant limit = second(86'400)) {
    while (clock_->fire_next(limit)) {
    }
    if (limit > clock_->now() && clock_->next() >= limit)
      clock_->advance_to(limit);
  }

  struct Answered {
    Instant at;
    LaunchAnswer answer;
  };

  LaunchCall call(const std::string& token, const Offering& offering,
                  std::uint32_t count) {
    return {"us", token, offering, count, "model", clock_->now()};
  }

  /// The answer comes later, in its place of the list.
  void launch(const LaunchCall& call) {
    const std::size_t place = answers_.size();
    answers_.emplace_back();
    provider_->launch(call, [this, place](LaunchAnswer answer) {
      EXPECT_FALSE(answers_[place].has_value()) << "answered twice";
      answers_[place] = Answered{clock_->now(), std::move(answer)};
    });
  }

  Answered launch_and_run(const LaunchCall& wanted) {
    const std::size_t place = answers_.size();
    launch(wanted);
    while (!answers_[place] && clock_->fire_next()) {
    }
    return answers_[place].value_or(Answered{});
  }

  std::vector<std::string> listed(const std::string& owner = "us") {
    std::vector<std::string> refs;
    bool done = false;
    provider_->list(owner, [&](auto found) {
      for (const ProviderInstance& instance : found.value())
        refs.push_back(instance.provider_ref);
      done = true;
    });
    while (!done && clock_->fire_next()) {
    }
    return refs;
  }

  ProviderWorld world_;
  std::uint64_t seed_ = 1;
  std::optional<VirtualClock> clock_;
  std::optional<SimulatedCapacity> provider_;
  std::vector<std::optional<Answered>> answers_;
};

}  // namespace understudy
