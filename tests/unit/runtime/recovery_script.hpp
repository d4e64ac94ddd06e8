#pragma once

/// A run of five hours that a test may cut anywhere and let go on.

#include <functional>
#include <vector>

#include "tests/support/rig.hpp"

namespace understudy {

inline constexpr std::int64_t hour_ms = 3'600'000;

inline const StreamId chat = StreamId::endpoint("chat");

struct Action {
  std::int64_t at_ms = 0;
  bool repeatable = true;  ///< A command: its id makes it idempotent.
  std::function<void(Rig&)> act;
};

inline std::vector<Action> script() {
  const auto command = [](OutsideInput input) {
    return [input](Rig& rig) { rig.submit(chat, input); };
  };
  const auto take = [](const char* token) {
    return [token](Rig& rig) {
      rig.capacity.take_away(SimulatedCapacity::provider_ref_of(token, 0),
                             60'000);
    };
  };
  return {
      {0, true,
       command(endpoint::CreateEndpoint{"c1", three_pools("chat", 4)})},
      {hour_ms, true, command(endpoint::ScaleVariant{"c2", "primary", 7, {}})},
      {hour_ms + 5000, true,
       command(endpoint::ScaleVariant{"c3", "primary", 5, {}})},
      {2 * hour_ms, false, take("chat/primary/second/2-1")},
      {3 * hour_ms, true,
       command(endpoint::ScaleVariant{"c4", "primary", 2, {}})},
      {4 * hour_ms, true, command(endpoint::DeleteEndpoint{"c5"})},
      {4 * hour_ms + 1000, true,
       command(endpoint::CreateEndpoint{"c6", three_pools("chat", 1)})},
  };
}

/// Runs what is left of the script after the fleet's time, and on to its end.
inline void go_on(Rig& rig, Instant origin, Instant from) {
  for (const auto& action : script()) {
    const Instant at = after_ms(origin, action.at_ms);
    if (at < from || (at == from && !action.repeatable)) continue;
    while (rig.clock.fire_next(at))
      rig.partition->settle();
    rig.clock.advance_to(at);
    action.act(rig);
    rig.partition->settle();
  }
  const Instant end = after_ms(origin, 5 * hour_ms);
  while (rig.clock.fire_next(end))
    rig.partition->settle();
}

inline std::vector<Record> without_epoch(std::vector<Record> records) {
  for (auto& record : records)
    record.epoch = 0;
  return records;
}

inline RigOptions options() {
  RigOptions all;
  all.instance.start_failure_milli = 200;
  all.provider.reclaim = {true, {600'000, 7'200'000}, 30'000};
  return all;
}

}  // namespace understudy
