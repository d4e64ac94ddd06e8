#pragma once

/// The numbers that Statistics gives, as plain described values. Shares are
/// in parts per million, prices in millionths of a US dollar, instance time
/// in milliseconds of one instance.

#include <cstdint>
#include <string>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/core/refusal.hpp"
#include "services/projection/views.hpp"

namespace understudy {

struct RefusalCount {
  Offering offering;
  RefusalKind kind = RefusalKind::none;
  std::uint64_t calls = 0;
  std::uint64_t instances = 0;
  UNDERSTUDY_FIELDS(RefusalCount, offering, kind, calls, instances)
};

struct PoolReport {
  std::string variant;
  std::string pool;
  std::uint32_t priority = 0;
  std::string instance_type;
  Market market = Market::on_demand;
  std::int64_t instance_ms = 0;
  std::uint64_t share_ppm = 0;  ///< Of the endpoint's instance time.
  std::uint64_t launch_calls = 0;
  std::uint64_t instances_asked = 0;
  std::uint64_t instances_granted = 0;
  std::uint64_t cost_micros = 0;
  std::vector<RefusalCount> refusals;
  UNDERSTUDY_FIELDS(PoolReport, variant, pool, priority, instance_type, market,
                    instance_ms, share_ppm, launch_calls, instances_asked,
                    instances_granted, cost_micros, refusals)
};

struct PriorityReport {
  std::uint32_t priority = 0;
  std::int64_t instance_ms = 0;
  std::uint64_t share_ppm = 0;
  std::uint64_t cost_micros = 0;
  UNDERSTUDY_FIELDS(PriorityReport, priority, instance_ms, share_ppm,
                    cost_micros)
};

struct VariantReport {
  std::string name;
  std::int64_t observed_ms = 0;
  std::uint64_t ready_enough_ppm = 0;  ///< Of the time: ready >= wanted.
  std::uint64_t held_enough_ppm = 0;   ///< Of the time: held >= wanted.
  std::uint64_t mean_wanted_milli = 0;
  std::uint64_t mean_ready_milli = 0;
  std::uint64_t mean_shortfall_milli = 0;  ///< Missing ready instances.
  std::uint64_t times_below = 0;
  std::int64_t longest_below_ms = 0;
  Instant longest_below_from;
  UNDERSTUDY_FIELDS(VariantReport, name, observed_ms, ready_enough_ppm,
                    held_enough_ppm, mean_wanted_milli, mean_ready_milli,
                    mean_shortfall_milli, times_below, longest_below_ms,
                    longest_below_from)
};

/// How often things happened.
struct EventCounts {
  std::uint64_t fallbacks = 0;
  std::uint64_t fallback_instances = 0;
  std::uint64_t pools_exhausted = 0;
  std::uint64_t provisioning_timeouts = 0;
  std::uint64_t scale_outs = 0;
  std::uint64_t scale_ins = 0;
  std::uint64_t replacements = 0;
  std::uint64_t returns_to_preferred = 0;
  std::uint64_t instances_lost = 0;
  std::uint64_t instances_reclaimed = 0;
  std::uint64_t instances_unhealthy = 0;
  std::uint64_t failed_starts = 0;
  std::uint64_t commands_refused = 0;
  UNDERSTUDY_FIELDS(EventCounts, fallbacks, fallback_instances, pools_exhausted,
                    provisioning_timeouts, scale_outs, scale_ins, replacements,
                    returns_to_preferred, instances_lost, instances_reclaimed,
                    instances_unhealthy, failed_starts, commands_refused)
};

struct EndpointReport {
  std::string name;
  EndpointStatus status = EndpointStatus::creating;
  Instant created_at;
  Instant in_service_at;  ///< 0 when it never was.
  std::int64_t time_to_in_service_ms = 0;
  std::vector<VariantReport> variants;
  std::vector<PriorityReport> priorities;
  std::vector<PoolReport> pools;
  EventCounts events;
  std::int64_t instance_ms = 0;
  std::uint64_t cost_micros = 0;
  /// Above the same instance time in the most preferred pool; negative when
  /// the fallbacks were cheaper.
  std::int64_t cost_above_preferred_micros = 0;
  UNDERSTUDY_FIELDS(EndpointReport, name, status, created_at, in_service_at,
                    time_to_in_service_ms, variants, priorities, pools, events,
                    instance_ms, cost_micros, cost_above_preferred_micros)
};

struct Report {
  Instant from;
  Instant to;
  std::uint64_t records = 0;
  std::vector<EndpointReport> endpoints;
  UNDERSTUDY_FIELDS(Report, from, to, records, endpoints)
};

}  // namespace understudy
