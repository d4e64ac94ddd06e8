#pragma once

/// What an instance remembers of its own events. A fleet holds many of these
/// at rest, so only what a later decision or effect needs is kept: what it
/// is (offering, pool, model, price) stays in `instance-registered`, and
/// what an ended phase needed is given up with it.
///
/// Thread safety: none needed; a state belongs to one actor.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "actors/core/describe.hpp"
#include "actors/core/instant.hpp"

namespace understudy::instance {

enum class Phase : std::uint8_t {
  unknown,      ///< Never heard of.
  starting,     ///< Launched, probed, not yet ready.
  ready,        ///< In service, probed.
  draining,     ///< No new request; what is in flight may finish.
  terminating,  ///< Being ended at the provider.
  ended,        ///< Terminated or lost.
};

constexpr std::array<std::string_view, 6> names_of(Phase) {
  return {"unknown", "starting", "ready", "draining", "terminating", "ended"};
}

struct State {
  Phase phase = Phase::unknown;
  // From its health policy.
  std::uint32_t probe_interval_ms = 0;
  std::uint32_t healthy_threshold = 0;
  std::uint32_t unhealthy_threshold = 0;
  std::uint32_t drain_timeout_ms = 0;
  std::uint32_t probe_timeout_ms = 0;
  std::string provider_ref;  ///< Until it has ended.
  std::string address;       ///< Until it terminates.
  std::string ping_path;     ///< Until it terminates.
  Instant launched_at;
  Instant since;  ///< When it began to drain or to terminate.
  /// Of its start while starting, of its drain while draining.
  Instant deadline = Instant::never();
  Instant drain_at = Instant::never();    ///< Because it is reclaimed.
  Instant reclaim_at = Instant::never();  ///< The earliest noticed.
  UNDERSTUDY_FIELDS(State, phase, probe_interval_ms, healthy_threshold,
                    unhealthy_threshold, drain_timeout_ms, probe_timeout_ms,
                    provider_ref, address, ping_path, launched_at, since,
                    deadline, drain_at, reclaim_at)
};

/// A million of these is the fleet to hold; every word is 8 MB.
static_assert(sizeof(std::string) != 32 || sizeof(State) <= 160);

}  // namespace understudy::instance
