#pragma once

/// A partition with a simulated world around it, for tests of the runtime.
/// Three zones: `a` never has capacity, `b` has little, `c` has plenty.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/core/check.hpp"
#include "actors/ports/load_meter.hpp"
#include "actors/runtime/partition.hpp"
#include "services/capacity/simulated_capacity.hpp"
#include "services/capacity/simulated_probe.hpp"
#include "services/clock/virtual_clock.hpp"
#include "services/codec/record_codec.hpp"

namespace understudy {

inline CapacityTrace three_zones() {
  auto trace = CapacityTrace::parse("three-zones",
                                    "understudy-capacity 1\n"
                                    "start 2026-01-01T00:00:00Z\n"
                                    "offering 0 gpu zone-a spot\n"
                                    "offering 1 gpu zone-b spot\n"
                                    "offering 2 gpu zone-c spot\n"
                                    "0 0 0\n"
                                    "0 1 2\n"
                                    "0 2 1000000\n"
                                    "7200 0 100\n"
                                    "end 2026-01-02T00:00:00Z\n");
  UNDERSTUDY_CHECK(trace.ok());
  return std::move(trace).value();
}

/// Pools `first`, `second`, `third` on zones a, b, c.
inline EndpointSpec three_pools(const std::string& name, std::uint32_t count) {
  EndpointSpec spec;
  spec.name = name;
  VariantSpec variant;
  variant.model = "model";
  variant.initial_count = count;
  std::uint32_t priority = 0;
  for (const auto& [pool, zone] : {std::pair{"first", "zone-a"},
                                   {"second", "zone-b"},
                                   {"third", "zone-c"}}) {
    PoolSpec one;
    one.name = pool;
    one.instance_type = "gpu";
    one.zones = {zone};
    one.market = Market::spot;
    one.priority = ++priority;
    one.max_concurrency = 8;
    one.price_micros_per_hour = 1'000'000 * priority;
    variant.pools.push_back(one);
  }
  spec.variants.push_back(variant);
  return spec;
}

/// Load that nobody meters.
class NoLoad final : public LoadMeter {
 public:
  void start(const std::string&, const std::string&, std::uint32_t,
             std::function<void(LoadFacts)>) override {}
  void stop(const std::string&, const std::string&) override {}
};

struct RigOptions {
  std::uint64_t seed = 1;
  std::size_t max_live = 10'000;
  Instant start = three_zones().start();
  ProviderWorld provider;
  InstanceWorld instance;
};

/// Virtual time, one message at a time.
class Rig {
 public:
  explicit Rig(EventLog& log, RigOptions options = {})
      : codec(make_record_codec()),
        clock(options.start),
        capacity(clock, three_zones(), options.provider, options.seed),
        probe(clock, options.instance, options.seed),
        runtime(Runtime::Mode::stepped),
        partition_options{"understudy", options.max_live},
        log_(log) {}

  /// Recovers; `restore` are the instances that the provider holds.
  Result<void> open(const std::vector<HeldInstance>& restore = {}) {
    PartitionEvents events;
    events.failed = [this](const Error& error) { failure = error; };
    events.refused = [this](const StreamId& stream, const std::string&) {
      refused.push_back(stream);
    };
    auto opened =
        Partition::open(runtime, log_, *codec, {clock, capacity, probe, load},
                        partition_options, events);
    if (!opened) return opened.error();
    partition = std::move(opened).value();
    if (partition->fleet().time() > clock.now()) {
      clock.advance_to(partition->fleet().time());
    }
    capacity.restore(restore);
    return {};
  }

  void start() {
    partition->start();
    partition->settle();
  }

  void submit(const StreamId& to, OutsideInput input, Reply reply = {}) {
    partition->submit(to, std::move(input), std::move(reply));
    partition->settle();
  }

  void run_for(std::int64_t ms) {
    const Instant end = after_ms(clock.now(), ms);
    while (clock.fire_next(end))
      partition->settle();
    clock.advance_to(end);
  }

  std::unique_ptr<RecordCodec> codec;
  VirtualClock clock;
  SimulatedCapacity capacity;
  SimulatedProbe probe;
  NoLoad load;
  Runtime runtime;
  PartitionOptions partition_options;
  std::unique_ptr<Partition> partition;
  std::optional<Error> failure;
  std::vector<StreamId> refused;

 private:
  EventLog& log_;
};

inline std::vector<Record> records_of(const EventLog& log,
                                      const RecordCodec& codec) {
  std::vector<Record> all;
  const auto read = log.read(1, [&](const LogRecord& entry) {
    auto record = codec.decode(entry.bytes);
    UNDERSTUDY_CHECK(record.ok());
    all.push_back(std::move(record).value());
    return Visit::next;
  });
  UNDERSTUDY_CHECK(read.ok());
  return all;
}

/// What a provider would hold after these records.
inline std::vector<HeldInstance> held_after(const std::vector<Record>& all) {
  std::map<std::string, HeldInstance> held;
  for (const auto& record : all) {
    if (const auto* e = std::get_if<pool::InstanceLaunched>(&record.event)) {
      for (const auto& one : e->instances) {
        const auto stream =
            StreamId::instance(record.stream.endpoint_name(), one.id);
        held[stream.text] = {
            "understudy", launch_token(record.stream, e->request, e->attempt),
            one.id.index(), e->offering, record.time};
      }
    } else if (std::holds_alternative<instance::InstanceTerminated>(
                   record.event) ||
               std::holds_alternative<instance::InstanceLost>(record.event)) {
      held.erase(record.stream.text);
    }
  }
  std::vector<HeldInstance> list;
  for (auto& [stream, one] : held)
    list.push_back(one);
  return list;
}

}  // namespace understudy
