#pragma once

/// One small endpoint and what happens to it, for tests that read a log.
/// Pools `first` (zones a and b, $2 per hour) and `second` (zone c, $3 per
/// hour). Zone a has nothing, b has two, c has plenty.

#include <string>
#include <utility>

#include "tests/support/tiny_runtime.hpp"

namespace understudy {

/// 2026-01-01T00:00:00Z.
constexpr Instant story_start{1'767'225'600'000'000};

inline Offering story_offering(const std::string& zone) {
  return {"gpu", zone, Market::spot};
}

inline EndpointSpec story_spec(std::uint32_t count) {
  PoolSpec first;
  first.name = "first";
  first.instance_type = "gpu";
  first.zones = {"zone-a", "zone-b"};
  first.market = Market::spot;
  first.priority = 1;
  first.max_concurrency = 8;
  first.price_micros_per_hour = 2'000'000;
  first.quota_family = "gpu/spot";
  PoolSpec second = first;
  second.name = "second";
  second.zones = {"zone-c"};
  second.priority = 2;
  second.price_micros_per_hour = 3'000'000;
  VariantSpec variant;
  variant.model = "model";
  variant.initial_count = count;
  variant.pools = {std::move(first), std::move(second)};
  return {"chat", {std::move(variant)}};
}

inline const StreamId& story_endpoint() {
  static const StreamId stream = StreamId::endpoint("chat");
  return stream;
}

/// Created with 3, of which one falls back; in service after 96 seconds. An
/// hour later one of pool `first` is lost and replaced in pool `second`; an
/// hour later it is scaled in to 2. Ends three hours after its start.
inline TinyRuntime small_story() {
  TinyRuntime tiny(story_start);
  tiny.capacity[story_offering("zone-b")] = 2;
  tiny.capacity[story_offering("zone-c")] = 100;
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(3)});
  tiny.run_for(3'600'000);
  tiny.submit(StreamId::instance("chat", InstanceId::make({1}, 2, 0)),
              instance::Gone{"host failed"});
  tiny.run_for(3'600'000);
  tiny.submit(story_endpoint(),
              endpoint::ScaleVariant{"scale-1", "primary", 2, {}});
  tiny.run_for(3'600'000);
  return tiny;
}

}  // namespace understudy
