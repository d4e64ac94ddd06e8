#pragma once

/// How the simulated world behaves, apart from its capacity: how long things
/// take and what goes wrong. Each delay is drawn from its range by the id of
/// what it is about, never in the order of calls, so that a run repeats and
/// resumes exactly.

#include <cstdint>
#include <string_view>

#include "actors/core/describe.hpp"
#include "actors/core/instant.hpp"

namespace understudy {

struct DelayRange {
  std::uint32_t min_ms = 0;
  std::uint32_t max_ms = 0;
  UNDERSTUDY_FIELDS(DelayRange, min_ms, max_ms)
};

/// How the provider takes spot instances back. Off by default.
struct ReclaimWorld {
  bool enabled = false;
  DelayRange lifetime{21'600'000, 259'200'000};  ///< From launch to notice.
  std::uint32_t notice_ms = 30'000;              ///< From notice to gone.
  UNDERSTUDY_FIELDS(ReclaimWorld, enabled, lifetime, notice_ms)
};

struct ProviderWorld {
  DelayRange launch{15'000, 45'000};    ///< Until instances are granted.
  DelayRange refusal{3'000, 12'000};    ///< Until a refusal is known.
  DelayRange terminate{5'000, 30'000};  ///< Until an ended one is gone.
  ReclaimWorld reclaim;
  UNDERSTUDY_FIELDS(ProviderWorld, launch, refusal, terminate, reclaim)
};

struct InstanceWorld {
  DelayRange startup{120'000, 300'000};   ///< From launch to serving.
  std::uint32_t start_failure_milli = 0;  ///< Starts that fail, of 1000.
  DelayRange drain{2'000, 60'000};        ///< Until nothing is in flight.
  UNDERSTUDY_FIELDS(InstanceWorld, startup, start_failure_milli, drain)
};

/// A delay in microseconds: finer than milliseconds, so that two draws
/// hardly ever fall on one instant.
[[nodiscard]] std::int64_t draw_us(const DelayRange& range, std::uint64_t seed,
                                   std::string_view what, std::string_view id);

/// `since` moved by such a delay.
[[nodiscard]] Instant draw_after(Instant since, const DelayRange& range,
                                 std::uint64_t seed, std::string_view what,
                                 std::string_view id);

/// Whether a thing that happens `milli` of 1000 times happens to `id`.
[[nodiscard]] bool draw_chance(std::uint32_t milli, std::uint64_t seed,
                               std::string_view what, std::string_view id);

}  // namespace understudy
