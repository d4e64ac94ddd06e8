#pragma once

/// The one table of what /metrics may say. Everything is made from it, and
/// the documentation and the tests are compared with it.
///
/// No label ever holds the id of an instance or an operation, so that the
/// number of series follows the number of pools and never their history.
/// Thread safety: constant after the first call.

#include <cstdint>
#include <string_view>
#include <vector>

namespace understudy::telemetry {

enum class FamilyType : std::uint8_t { counter, gauge, histogram };

/// Whether name and labels are promised to stay.
enum class Stability : std::uint8_t { stable, alpha };

enum class Family : std::uint8_t {
  endpoints,
  endpoints_without_series,
  fleet_instances,
  fleet_desired,
  fleet_serving,
  fleet_held,
  fleet_on_fallback,
  fleet_launched,
  fleet_refused,
  fleet_fallbacks,
  endpoint_status,
  endpoint_condition,
  instances,
  instances_desired,
  instances_serving,
  instances_held,
  instances_on_fallback,
  pool_priority,
  pool_offerings,
  pool_offerings_cooling,
  launch_attempts,
  instances_launched,
  instances_refused,
  capacity_refusals,
  fallbacks,
  pools_exhausted,
  instances_left,
  instance_seconds,
  operations,
  deadline_remaining_seconds,
  deadline_remaining_ratio,
  provisioning_timeouts,
  time_to_capacity,
  time_to_in_service,
  instance_startup,
  requests_in_flight,
  requests_queued,
  requests_per_instance,
  utilisation_weighted,
  load_age,
  scaling_decisions,
  decisions,
  commands_refused,
  disagreements,
  ready,
  phase,
  recovery_duration,
  recovery_records,
  kafka_reachable,
  kafka_partitions,
  kafka_partitions_owned,
  kafka_command_lag,
  kafka_held_back,
  kafka_load_heard,
  kafka_load_gateways,
  kafka_partitions_opened,
  kafka_transactions_failed,
  kafka_transactions_fenced,
  kafka_commands_forwarded,
  kafka_dead_letters,
  kafka_records_void,
  kafka_load_facts,
  kafka_load_late,
  kafka_load_unreadable,
  view_lag,
  inputs_waiting,
  actors_live,
  commands_under_way,
  streams_stopped,
  log_commits,
  log_records,
  log_bytes,
  log_commit_duration,
  log_commit_records,
  api_requests,
  api_request_duration,
  api_followers,
  build_info,
  process_cpu,
  process_resident,
  process_virtual,
  process_open_files,
  process_max_files,
  process_start_time,
};

struct FamilySpec {
  Family id = Family::endpoints;
  std::string_view name;  ///< As it is scraped.
  FamilyType type = FamilyType::gauge;
  std::string_view unit;
  std::string_view help;
  std::vector<std::string_view> labels;
  std::vector<double> buckets{};  ///< Upper bounds; of histograms only.
  Stability stability = Stability::stable;
};

/// In the order of the enumeration.
[[nodiscard]] const std::vector<FamilySpec>& families();

[[nodiscard]] const FamilySpec& spec_of(Family id);

}  // namespace understudy::telemetry
