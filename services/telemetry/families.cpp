#include "services/telemetry/families.hpp"

namespace understudy::telemetry {
namespace {

using Labels = std::vector<std::string_view>;
using Buckets = std::vector<double>;

constexpr auto counter = FamilyType::counter;
constexpr auto gauge = FamilyType::gauge;
constexpr auto histogram = FamilyType::histogram;
constexpr auto alpha = Stability::alpha;

const Labels none{};
const Labels by_variant{"endpoint", "variant"};
const Labels by_pool{"endpoint", "variant", "pool", "instance_type"};

Labels with(Labels labels, std::string_view more) {
  labels.push_back(more);
  return labels;
}

/// From a launch call that is granted at once to the default provision
/// timeout (30 min) and twice that.
const Buckets capacity_s{5,   10,  20,  30,   60,   120,
                         300, 600, 900, 1200, 1800, 3600};
/// As above, with the start of containers: no less than 10 s.
const Buckets in_service_s{10,  30,  60,   90,   120,  180,
                           300, 600, 1200, 1800, 3600, 7200};
/// Containers that load models: seconds from a cache, up to the default
/// startup timeout (30 min).
const Buckets startup_s{5, 15, 30, 60, 90, 120, 180, 300, 600, 900, 1800};
/// One fsync: 50 us on a fast device, a second when the disk is in trouble;
/// finest around the 5 ms that a fallback may take.
const Buckets commit_s{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                       0.01,    0.025,  0.05,    0.1,    0.25,  1};
/// Powers of four: whether commits are shared, not how much exactly.
const Buckets batch_records{1, 4, 16, 64, 256, 1024, 4096};
/// From a query answered from memory to the default timeout of a command.
const Buckets request_s{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                        0.1,    0.25,  0.5,    1,     2.5,  10};

const std::vector<FamilySpec> of_the_fleet{
    {Family::endpoints,
     "understudy_endpoints",
     gauge,
     "endpoints",
     "Endpoints that are not deleted, by status.",
     {"state"}},
    {Family::endpoints_without_series, "understudy_endpoints_without_series",
     gauge, "endpoints",
     "Endpoints that are left out of what is told by endpoint: "
     "metrics.max_endpoints.",
     none},
    {Family::fleet_instances,
     "understudy_fleet_instances",
     gauge,
     "instances",
     "Instances that exist, of all endpoints, by state.",
     {"state"}},
    {Family::fleet_desired, "understudy_fleet_instances_desired", gauge,
     "instances", "Instances that are wanted, of all endpoints.", none},
    {Family::fleet_serving, "understudy_fleet_instances_serving", gauge,
     "instances", "Instances that take requests, of all endpoints.", none},
    {Family::fleet_held, "understudy_fleet_instances_held", gauge, "instances",
     "Instances that count towards the wanted number, of all endpoints.", none},
    {Family::fleet_on_fallback, "understudy_fleet_instances_on_fallback", gauge,
     "instances",
     "Held instances in pools of lower preference, of all endpoints.", none},
    {Family::fleet_launched, "understudy_fleet_instances_launched_total",
     counter, "instances",
     "Instances that the provider granted, of all endpoints.", none},
    {Family::fleet_refused,
     "understudy_fleet_instances_refused_total",
     counter,
     "instances",
     "Instances that the provider refused, of all endpoints, by kind.",
     {"kind"}},
    {Family::fleet_fallbacks,
     "understudy_fleet_fallbacks_total",
     counter,
     "decisions",
     "Fallbacks of all endpoints, by what the pool before answered.",
     {"kind"}},
    {Family::endpoint_status,
     "understudy_endpoint_status",
     gauge,
     "0 or 1",
     "1 for the status that the endpoint has.",
     {"endpoint", "state"}},
    {Family::endpoint_condition,
     "understudy_endpoint_condition",
     gauge,
     "0 or 1",
     "Whether a condition of the endpoint holds.",
     {"endpoint", "condition"}},
    {Family::instances, "understudy_instances", gauge, "instances",
     "Instances that exist, by state.", with(by_pool, "state")},
    {Family::instances_desired, "understudy_instances_desired", gauge,
     "instances", "Instances that are wanted.", by_variant},
    {Family::instances_serving, "understudy_instances_serving", gauge,
     "instances", "Instances that take requests.", by_variant},
    {Family::instances_held, "understudy_instances_held", gauge, "instances",
     "Instances that were granted and count towards the wanted number.",
     by_pool},
    {Family::instances_on_fallback, "understudy_instances_on_fallback", gauge,
     "instances", "Held instances in pools of lower preference than the first.",
     by_variant},
    {Family::pool_priority, "understudy_pool_priority", gauge, "rank",
     "Rank of the pool; 1 is asked first.", by_pool},
    {Family::pool_offerings,
     "understudy_pool_offerings",
     gauge,
     "offerings",
     "Offerings (type, zone and market) of the pool.",
     by_pool,
     {},
     alpha},
    {Family::pool_offerings_cooling, "understudy_pool_offerings_cooling", gauge,
     "offerings", "Offerings that are left alone after a refusal for capacity.",
     by_pool},
    {Family::launch_attempts, "understudy_launch_attempts_total", counter,
     "calls", "Launch calls to the provider.", by_pool},
    {Family::instances_launched, "understudy_instances_launched_total", counter,
     "instances", "Instances that the provider granted.", by_pool},
    {Family::instances_refused, "understudy_instances_refused_total", counter,
     "instances", "Instances that the provider refused, by kind.",
     with(by_pool, "kind")},
    {Family::capacity_refusals, "understudy_capacity_refusals_total", counter,
     "answers",
     "Answers to launch calls that granted less than was asked, by kind.",
     with(by_pool, "kind")},
    {Family::fallbacks,
     "understudy_fallbacks_total",
     counter,
     "decisions",
     "Fallbacks to this pool, by what the pool before it answered.",
     {"endpoint", "variant", "pool", "kind"}},
    {Family::pools_exhausted, "understudy_pools_exhausted_total", counter,
     "walks", "Times that no pool was left to ask.", by_variant},
    {Family::instances_left, "understudy_instances_left_total", counter,
     "instances",
     "Instances that stopped counting without being asked to, by reason.",
     with(by_pool, "reason")},
    {Family::instance_seconds, "understudy_instance_seconds_total", counter,
     "seconds", "Time in tier: held instances of the pool, summed over time.",
     by_pool},
};

const std::vector<FamilySpec> of_the_operations{
    {Family::operations, "understudy_operations", gauge, "operations",
     "Unfinished operations: being asked for, or waiting for a pool.",
     with(by_variant, "state")},
    {Family::deadline_remaining_seconds,
     "understudy_operation_deadline_remaining_seconds", gauge, "seconds",
     "Time left to the unfinished operation that times out first; absent "
     "without one. Alert: UnderstudyProvisioningNearDeadline.",
     by_variant},
    {Family::deadline_remaining_ratio,
     "understudy_operation_deadline_remaining_ratio", gauge, "ratio",
     "The same as a share of the time that it had; absent without one.",
     by_variant},
    {Family::provisioning_timeouts, "understudy_provisioning_timeouts_total",
     counter, "operations", "Operations that ran out of time.", by_variant},
    {Family::time_to_capacity, "understudy_time_to_capacity_seconds", histogram,
     "seconds", "From an operation's opening until all it wanted was granted.",
     by_variant, capacity_s},
    {Family::time_to_in_service,
     "understudy_endpoint_time_to_in_service_seconds", histogram, "seconds",
     "From an endpoint's creation until all its instances served.", none,
     in_service_s},
    {Family::instance_startup,
     "understudy_instance_startup_seconds",
     histogram,
     "seconds",
     "From an instance's launch until it was ready.",
     {"instance_type"},
     startup_s},
    {Family::requests_in_flight, "understudy_requests_in_flight", gauge,
     "requests",
     "Requests in flight in the last recorded window; absent unless all ready "
     "instances were metered.",
     by_variant},
    {Family::requests_queued, "understudy_requests_queued", gauge, "requests",
     "Requests that waited for a place; as above.", by_variant},
    {Family::requests_per_instance,
     "understudy_requests_in_flight_per_instance", gauge, "requests",
     "Plain utilisation: in flight for each reporting instance; as above.",
     by_variant},
    {Family::utilisation_weighted, "understudy_utilisation_weighted_ratio",
     gauge, "ratio",
     "In flight and queued over the summed capacity of ready instances; "
     "as above.",
     by_variant},
    {Family::load_age,
     "understudy_load_age_seconds",
     gauge,
     "seconds",
     "Age of that window: steady load is not recorded anew.",
     by_variant,
     {},
     alpha},
    {Family::scaling_decisions, "understudy_scaling_decisions_total", counter,
     "decisions", "Decisions of the autoscaler.",
     with(by_variant, "direction")},
    {Family::decisions,
     "understudy_decisions_total",
     counter,
     "decisions",
     "Decisions that left events, by the kind of actor.",
     {"kind"}},
    {Family::commands_refused,
     "understudy_commands_refused_total",
     counter,
     "commands",
     "Commands that were refused.",
     {"kind", "reason"}},
    {Family::disagreements,
     "understudy_provider_log_disagreements_total",
     counter,
     "instances",
     "Instances in the provider's list and not in the log (orphan), or "
     "the reverse (missing). Alert: UnderstudyProviderDisagrees.",
     {"kind"}},
};

const std::vector<FamilySpec> of_the_daemon{
    {Family::ready, "understudy_ready", gauge, "0 or 1",
     "Whether commands are taken. Alert: UnderstudyNotReady.", none},
    {Family::phase,
     "understudy_phase",
     gauge,
     "0 or 1",
     "1 for the phase that the daemon is in.",
     {"phase"}},
    {Family::recovery_duration, "understudy_recovery_duration_seconds", gauge,
     "seconds", "Duration of the last recovery; absent before the first.",
     none},
    {Family::recovery_records, "understudy_recovery_records", gauge, "records",
     "Records that were in the log when the daemon started.", none},
    {Family::kafka_reachable, "understudy_kafka_reachable", gauge, "0 or 1",
     "Whether the cluster answers; this and what follows only with the log on "
     "Kafka. Alert: UnderstudyKafkaUnreachable.",
     none},
    {Family::kafka_partitions, "understudy_kafka_partitions", gauge,
     "partitions", "Partitions of the journal.", none},
    {Family::kafka_partitions_owned, "understudy_kafka_partitions_owned", gauge,
     "partitions",
     "Of those, this daemon's. Alert: UnderstudyPartitionsWithoutOwner.", none},
    {Family::kafka_command_lag, "understudy_kafka_command_lag_messages", gauge,
     "messages",
     "Commands that are not dealt with, in the partitions owned. Alert: "
     "UnderstudyCommandsBehind.",
     none},
    {Family::kafka_held_back, "understudy_kafka_held_back_seconds", gauge,
     "seconds",
     "For how long readers of the journal or the commands have waited for a "
     "transaction to end; 0: they do not. Alert: UnderstudyTransactionHangs.",
     none},
    {Family::kafka_load_heard, "understudy_kafka_load_heard", gauge, "0 or 1",
     "Whether the load topic is read to its end; load is unknown otherwise.",
     none},
    {Family::kafka_load_gateways, "understudy_kafka_load_gateways", gauge,
     "gateways", "Gateways that report load.", none},
    {Family::kafka_partitions_opened,
     "understudy_kafka_partitions_opened_total", counter, "times",
     "Times a partition was taken over or opened again.", none},
    {Family::kafka_transactions_failed,
     "understudy_kafka_transactions_failed_total", counter, "transactions",
     "Transactions that were given up; each one costs a recovery.", none},
    {Family::kafka_transactions_fenced,
     "understudy_kafka_transactions_fenced_total", counter, "transactions",
     "Of those, because another daemon had taken over.", none},
    {Family::kafka_commands_forwarded,
     "understudy_kafka_commands_forwarded_total", counter, "commands",
     "Commands sent on to their endpoint's home partition.", none},
    {Family::kafka_dead_letters, "understudy_kafka_dead_letters_total", counter,
     "messages",
     "Commands that could not be read and were put aside. Alert: "
     "UnderstudyDeadLetters.",
     none},
    {Family::kafka_records_void, "understudy_kafka_records_void_total", counter,
     "records",
     "Records passed over because their writer had been succeeded; more than 0 "
     "means that Kafka did not fence it. Alert: UnderstudyVoidRecords.",
     none},
    {Family::kafka_load_facts, "understudy_kafka_load_facts_total", counter,
     "messages", "Messages of the load topic that were taken.", none},
    {Family::kafka_load_late, "understudy_kafka_load_facts_late_total", counter,
     "messages", "Those that came too late to be of use.", none},
    {Family::kafka_load_unreadable,
     "understudy_kafka_load_facts_unreadable_total", counter, "messages",
     "Those that could not be read, or came from one gateway too many.", none},
    {Family::view_lag, "understudy_view_lag_records", gauge, "records",
     "Durable records that are not shown yet.", none},
    {Family::inputs_waiting, "understudy_inputs_waiting", gauge, "inputs",
     "Inputs that no actor has taken yet: the depth of the mailbox.", none},
    {Family::actors_live, "understudy_actors_live", gauge, "actors",
     "Actors in memory.", none},
    {Family::commands_under_way, "understudy_commands_under_way", gauge,
     "commands", "Commands that wait for their answer.", none},
    {Family::streams_stopped, "understudy_streams_stopped", gauge, "streams",
     "Actors that stand still because their log is not readable.", none},
    {Family::log_commits, "understudy_log_commits_total", counter, "commits",
     "Durable appends to the log.", none},
    {Family::log_records, "understudy_log_records_total", counter, "records",
     "Records appended to the log.", none},
    {Family::log_bytes, "understudy_log_written_bytes_total", counter, "bytes",
     "Bytes of the records appended to the log.", none},
    {Family::log_commit_duration, "understudy_log_commit_duration_seconds",
     histogram, "seconds", "Duration of an append, with its fsync.", none,
     commit_s},
    {Family::log_commit_records, "understudy_log_commit_records", histogram,
     "records", "Records that one append made durable.", none, batch_records},
    {Family::api_requests,
     "understudy_api_requests_total",
     counter,
     "requests",
     "Finished HTTP requests.",
     {"route", "method", "code"}},
    {Family::api_request_duration,
     "understudy_api_request_duration_seconds",
     histogram,
     "seconds",
     "Duration of HTTP requests.",
     {"route", "method"},
     request_s},
    {Family::api_followers, "understudy_api_followers", gauge, "clients",
     "Clients that follow the stream of events.", none},
    {Family::build_info,
     "understudy_build_info",
     gauge,
     "1",
     "Always 1; the version of the program.",
     {"version"}},
    {Family::process_cpu, "process_cpu_seconds_total", counter, "seconds",
     "Processor time, user and system.", none},
    {Family::process_resident, "process_resident_memory_bytes", gauge, "bytes",
     "Resident memory, the mapped part of the log included.", none},
    {Family::process_virtual, "process_virtual_memory_bytes", gauge, "bytes",
     "Address space, the map of the log included.", none},
    {Family::process_open_files, "process_open_fds", gauge, "descriptors",
     "Open file descriptors.", none},
    {Family::process_max_files, "process_max_fds", gauge, "descriptors",
     "File descriptors that may be open.", none},
    {Family::process_start_time, "process_start_time_seconds", gauge, "seconds",
     "When the process began, since the Unix epoch.", none},
};

}  // namespace

const std::vector<FamilySpec>& families() {
  static const std::vector<FamilySpec> all = [] {
    std::vector<FamilySpec> table = of_the_fleet;
    for (const auto& more : {of_the_operations, of_the_daemon})
      table.insert(table.end(), more.begin(), more.end());
    return table;
  }();
  return all;
}

const FamilySpec& spec_of(Family id) {
  return families()[static_cast<std::size_t>(id)];
}

}  // namespace understudy::telemetry
