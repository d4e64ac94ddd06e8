#pragma once

/// What an operator asks for: an endpoint, its variants, and their instance
/// pools in order of preference. Plain values, shared by every actor.
///
/// Units stand in the names. Prices are integers in millionths of a US
/// dollar, fractions in thousandths: no floating point reaches a decider.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/describe.hpp"

namespace understudy {

enum class Market : std::uint8_t { on_demand, spot };

constexpr std::array<std::string_view, 2> names_of(Market) {
  return {"on-demand", "spot"};
}

/// What a provider can be asked for: refusals and cool-downs belong to it,
/// never to a whole pool or instance type.
struct Offering {
  std::string instance_type;
  std::string zone;
  Market market = Market::on_demand;
  UNDERSTUDY_FIELDS(Offering, instance_type, zone, market)
  friend auto operator<=>(const Offering&, const Offering&) = default;
};

/// `type/zone/market`, for people and for hashing.
[[nodiscard]] std::string to_string(const Offering& offering);

struct PoolSpec {
  std::string name;  ///< Default: the instance type.
  std::string instance_type;
  std::vector<std::string> zones;  ///< In the order they are asked.
  Market market = Market::on_demand;
  std::uint32_t priority = 1;         ///< 1 first; equal: by price, then name.
  std::uint32_t max_concurrency = 1;  ///< Requests in flight per instance.
  std::uint64_t price_micros_per_hour = 0;
  std::string model_override;  ///< Empty: the variant's model.
  std::string quota_family;    ///< Default: `type/market`.
  UNDERSTUDY_FIELDS(PoolSpec, name, instance_type, zones, market, priority,
                    max_concurrency, price_micros_per_hour, model_override,
                    quota_family)

  [[nodiscard]] Offering offering(std::size_t zone) const {
    return {instance_type, zones[zone], market};
  }
};

/// How an offering that refused for capacity is left alone.
struct CoolDownPolicy {
  std::uint32_t base_ms = 60'000;
  std::uint32_t cap_ms = 300'000;
  UNDERSTUDY_FIELDS(CoolDownPolicy, base_ms, cap_ms)
};

/// How an instance is judged ready and how it is taken down.
struct HealthPolicy {
  std::uint32_t probe_interval_ms = 10'000;
  std::uint32_t healthy_threshold = 2;    ///< Consecutive good probes.
  std::uint32_t unhealthy_threshold = 3;  ///< Consecutive bad probes.
  std::uint32_t startup_timeout_ms = 1'800'000;
  std::uint32_t drain_timeout_ms = 300'000;
  std::uint32_t max_start_failures = 3;    ///< In a row, per variant.
  std::string ping_path = "/ping";         ///< Answers 200 when it is well.
  std::uint32_t probe_timeout_ms = 2'000;  ///< For the answer to one probe.
  UNDERSTUDY_FIELDS(HealthPolicy, probe_interval_ms, healthy_threshold,
                    unhealthy_threshold, startup_timeout_ms, drain_timeout_ms,
                    max_start_failures, ping_path, probe_timeout_ms)

  // Policies that were stored before there were such fields hold neither.
  [[nodiscard]] std::string ping() const {
    return ping_path.empty() ? "/ping" : ping_path;
  }
  [[nodiscard]] std::uint32_t timeout_ms() const {
    return probe_timeout_ms == 0 ? 2'000 : probe_timeout_ms;
  }
};

enum class ReturnMode : std::uint8_t { on_scale_in, active };

constexpr std::array<std::string_view, 2> names_of(ReturnMode) {
  return {"on-scale-in", "active"};
}

/// How the fleet comes back to preferred hardware.
struct ReturnPolicy {
  ReturnMode mode = ReturnMode::on_scale_in;
  std::uint32_t dwell_ms = 1'800'000;   ///< A better pool open for so long.
  std::uint32_t interval_ms = 600'000;  ///< Between two moves: the budget.
  UNDERSTUDY_FIELDS(ReturnPolicy, mode, dwell_ms, interval_ms)
};

enum class ScalingMetric : std::uint8_t {
  weighted_utilisation,    ///< In flight over summed capacity, thousandths.
  in_flight_per_instance,  ///< In flight over ready instances, thousandths.
};

constexpr std::array<std::string_view, 2> names_of(ScalingMetric) {
  return {"weighted-utilisation", "in-flight-per-instance"};
}

struct ScalingTarget {
  ScalingMetric metric = ScalingMetric::weighted_utilisation;
  std::uint32_t target_milli = 700;
  UNDERSTUDY_FIELDS(ScalingTarget, metric, target_milli)
};

/// Target tracking. The largest of several targets' wishes counts.
struct ScalingPolicy {
  bool enabled = false;
  /// 0: to none after `scale_in_windows` without any load, and back by the
  /// first request that waits.
  std::uint32_t min_count = 1;
  std::uint32_t max_count = 1;
  std::vector<ScalingTarget> targets;
  std::uint32_t tolerance_milli = 100;  ///< Half the band around the target.
  std::uint32_t window_ms = 60'000;
  std::uint32_t scale_out_windows = 1;  ///< Misses in a row before it acts.
  std::uint32_t scale_in_windows = 15;
  std::uint32_t scale_out_cooldown_ms = 60'000;
  std::uint32_t scale_in_cooldown_ms = 300'000;
  std::uint32_t max_step_out = 100;
  std::uint32_t max_step_in = 100;
  UNDERSTUDY_FIELDS(ScalingPolicy, enabled, min_count, max_count, targets,
                    tolerance_milli, window_ms, scale_out_windows,
                    scale_in_windows, scale_out_cooldown_ms,
                    scale_in_cooldown_ms, max_step_out, max_step_in)
};

/// What an instance's process finds in its environment. Not for secrets: the
/// log holds it in clear.
struct EnvironmentVariable {
  std::string name;
  std::string value;
  UNDERSTUDY_FIELDS(EnvironmentVariable, name, value)
};

/// Which instance a gateway gives a request to.
enum class RoutingStrategy : std::uint8_t {
  least_outstanding_requests,  ///< Of what each takes at most.
  random,
};

constexpr std::array<std::string_view, 2> names_of(RoutingStrategy) {
  return {"least-outstanding-requests", "random"};
}

struct VariantSpec {
  std::string name = "primary";
  std::string model;
  std::uint32_t initial_count = 1;
  /// One total clock for all pools of an operation; procurement only.
  std::uint32_t provision_timeout_s = 1800;
  std::vector<PoolSpec> pools;
  ScalingPolicy scaling;
  HealthPolicy health;
  ReturnPolicy return_policy;
  CoolDownPolicy cool_down;
  std::vector<EnvironmentVariable> environment;
  RoutingStrategy routing = RoutingStrategy::least_outstanding_requests;
  /// What a request to the endpoint asks for at the instance.
  std::string invocations_path = "/invocations";
  UNDERSTUDY_FIELDS(VariantSpec, name, model, initial_count,
                    provision_timeout_s, pools, scaling, health, return_policy,
                    cool_down, environment, routing, invocations_path)

  /// Specifications that were stored before there was a path hold none.
  [[nodiscard]] std::string invocations() const {
    return invocations_path.empty() ? "/invocations" : invocations_path;
  }
};

struct EndpointSpec {
  std::string name;
  std::vector<VariantSpec> variants;
  UNDERSTUDY_FIELDS(EndpointSpec, name, variants)
};

}  // namespace understudy
