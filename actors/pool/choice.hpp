#pragma once

/// Which offering a request asks next, and how it is told that none is left.
/// Internal to the pool decider; pure functions of its state.

#include <cstdint>
#include <limits>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/pool/command.hpp"
#include "actors/pool/state.hpp"

namespace understudy::pool {

/// Instances and attempts are numbered in 16 bits.
constexpr std::uint16_t max_attempts =
    std::numeric_limits<std::uint16_t>::max();
constexpr std::uint32_t max_per_attempt = 65'535;

/// What a request without an attempt in flight does next.
struct Choice {
  enum class Next : std::uint8_t {
    ask,   ///< `count` instances of `offering`.
    wait,  ///< For an outcome of another request, or for `until`.
    deny,  ///< No offering is left.
  };
  Next next = Next::deny;
  Offering offering;
  std::uint32_t count = 0;
  Instant until = Instant::never();
};

/// P1. The first offering in listed order that may be asked. One that asked
/// for patience is waited for; one whose budget others use is passed over,
/// and waited for when no other is left. Cool-downs that are over must have
/// been reopened before.
[[nodiscard]] Choice choose(const State& state, const OpenRequest& request,
                            Instant now);

/// One refusal for each offering, for `capacity-denied`.
[[nodiscard]] std::vector<OfferingRefusal> refusals_for(
    const State& state, const OpenRequest& request);

/// The earliest end of a cool-down; 0 when none is running.
[[nodiscard]] Instant earliest_reopening(const State& state);

/// P2. How long an offering is left alone after its `level`-th refusal in a
/// row: doubling up to the cap, less up to a fifth that spreads those who
/// were refused together.
[[nodiscard]] std::int64_t cool_down_ms(const CoolDownPolicy& policy,
                                        std::uint32_t level,
                                        std::uint64_t seed);

/// Nothing when the specification does not hold it (any more).
[[nodiscard]] const OfferingState* find_offering(const State& state,
                                                 const Offering& offering);

/// The attempt in flight or unconfirmed, if it is the one named.
[[nodiscard]] const Attempt* find_attempt(const State& state, RequestId request,
                                          std::uint16_t attempt);

}  // namespace understudy::pool
