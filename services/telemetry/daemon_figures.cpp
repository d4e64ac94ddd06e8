#include "services/telemetry/daemon_figures.hpp"

#include <algorithm>
#include <optional>

#include "actors/runtime/not_listed.hpp"
#include "services/telemetry/process_facts.hpp"

namespace understudy::telemetry {
namespace {

/// Clients choose paths and methods; they must not choose labels.
constexpr std::size_t most_routes = 64;
constexpr std::array<std::string_view, 7> methods{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

constexpr std::array disagreements{"orphan", "missing"};
constexpr std::array actor_kinds{ActorKind::endpoint, ActorKind::pool,
                                 ActorKind::instance, ActorKind::autoscaler};

std::string kind_of(ActorKind kind) {
  switch (kind) {
    case ActorKind::endpoint:
      return "endpoint";
    case ActorKind::pool:
      return "pool";
    case ActorKind::instance:
      return "instance";
    case ActorKind::autoscaler:
      break;
  }
  return "autoscaler";
}

double seconds(std::int64_t us) { return static_cast<double>(us) / 1e6; }

std::string instance_type(const Record& record, const FleetView& view) {
  const auto id = parse_instance_id(record.stream.part(1));
  const auto* history = view.find(record.stream.endpoint_name());
  if (!id || history == nullptr) return {};
  const auto found = history->instances.find(*id);
  return found == history->instances.end()
             ? std::string()
             : found->second.offering.instance_type;
}

}  // namespace

DaemonFigures::DaemonFigures(const std::string& version) {
  for (const FamilySpec& spec : families()) {
    const std::string name(spec.name);
    const std::string help(spec.help);
    switch (spec.type) {
      case FamilyType::counter:
        counters_[spec.id] =
            &prometheus::BuildCounter().Name(name).Help(help).Register(
                registry_);
        break;
      case FamilyType::gauge:
        gauges_[spec.id] =
            &prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
        break;
      case FamilyType::histogram:
        histograms_[spec.id] =
            &prometheus::BuildHistogram().Name(name).Help(help).Register(
                registry_);
        break;
    }
  }
  gauge(Family::build_info, {{"version", version}}).Set(1);
  // What may never happen is told from the start, so that the first time is
  // an increase.
  for (const char* kind : disagreements)
    counter(Family::disagreements, {{"kind", kind}});
  for (const ActorKind kind : actor_kinds)
    counter(Family::decisions, {{"kind", kind_of(kind)}});
  for (const Family id : {Family::log_commits, Family::log_records,
                          Family::log_bytes, Family::fleet_launched})
    counter(id);
  for (const Family id : {Family::fleet_refused, Family::fleet_fallbacks})
    counter(id, {{"kind", "capacity"}});
  for (const Family id :
       {Family::log_commit_duration, Family::log_commit_records,
        Family::time_to_in_service})
    histogram(id);
  gauge(Family::recovery_records);
}

prometheus::Counter& DaemonFigures::counter(Family id, const Labels& labels) {
  return counters_.at(id)->Add(labels);
}

prometheus::Gauge& DaemonFigures::gauge(Family id, const Labels& labels) {
  return gauges_.at(id)->Add(labels);
}

prometheus::Histogram& DaemonFigures::histogram(Family id,
                                                const Labels& labels) {
  return histograms_.at(id)->Add(labels, spec_of(id).buckets);
}

void DaemonFigures::see(const Record& record, const FleetView& view,
                        std::uint64_t from) {
  if (record.sequence <= from) {
    gauge(Family::recovery_records).Increment();
    return;
  }
  if (record.part == 0) {
    counter(Family::decisions, {{"kind", kind_of(record.stream.kind())}})
        .Increment();
  }
  count_fleet(record);
  if (const auto* e = std::get_if<instance::InstanceReady>(&record.event)) {
    histogram(Family::instance_startup,
              {{"instance_type", instance_type(record, view)}})
        .Observe(static_cast<double>(e->startup_ms) / 1e3);
    return;
  }
  count_decision(record);
}

/// Here and not as a sum of endpoints' own figures: what deleted endpoints
/// counted stays counted.
void DaemonFigures::count_fleet(const Record& record) {
  if (const auto* got = std::get_if<pool::InstanceLaunched>(&record.event)) {
    counter(Family::fleet_launched)
        .Increment(static_cast<double>(got->instances.size()));
  } else if (const auto* refused =
                 std::get_if<pool::LaunchRefused>(&record.event)) {
    counter(Family::fleet_refused,
            {{"kind", std::string(name_of(refused->kind))}})
        .Increment(refused->count);
  } else if (const auto* chosen =
                 std::get_if<endpoint::FallbackChosen>(&record.event)) {
    counter(Family::fleet_fallbacks,
            {{"kind", std::string(name_of(chosen->cause))}})
        .Increment();
  }
}

void DaemonFigures::count_decision(const Record& record) {
  if (const auto* served =
          std::get_if<endpoint::EndpointInService>(&record.event)) {
    histogram(Family::time_to_in_service)
        .Observe(static_cast<double>(served->elapsed_ms) / 1e3);
  } else if (const auto* refused =
                 std::get_if<endpoint::CommandRefused>(&record.event)) {
    counter(Family::commands_refused,
            {{"kind", refused->kind}, {"reason", refused->reason}})
        .Increment();
  } else if (std::holds_alternative<pool::OrphanReturned>(record.event)) {
    counter(Family::disagreements, {{"kind", "orphan"}}).Increment();
  } else if (const auto* lost =
                 std::get_if<instance::InstanceLost>(&record.event)) {
    if (lost->detail != not_listed_detail) return;
    counter(Family::disagreements, {{"kind", "missing"}}).Increment();
  }
}

void DaemonFigures::committed(std::int64_t duration_us, std::uint64_t records,
                              std::uint64_t bytes) {
  counter(Family::log_commits).Increment();
  counter(Family::log_records).Increment(static_cast<double>(records));
  counter(Family::log_bytes).Increment(static_cast<double>(bytes));
  histogram(Family::log_commit_duration).Observe(seconds(duration_us));
  histogram(Family::log_commit_records).Observe(static_cast<double>(records));
}

void DaemonFigures::served(const FinishedRequest& request) {
  std::string route = request.route.empty() ? "other" : request.route;
  {
    const std::lock_guard lock(mutex_);
    if (routes_.size() < most_routes) routes_.insert(route);
    if (!routes_.contains(route)) route = "other";
  }
  const bool known = std::find(methods.begin(), methods.end(),
                               request.method) != methods.end();
  const std::string method = known ? request.method : "other";
  const bool sound = request.status >= 100 && request.status <= 599;
  const std::string code = sound ? std::to_string(request.status) : "other";
  counter(Family::api_requests,
          {{"route", route}, {"method", method}, {"code", code}})
      .Increment();
  histogram(Family::api_request_duration,
            {{"route", route}, {"method", method}})
      .Observe(seconds(request.duration_us));
}

void DaemonFigures::stream_stopped(const StreamId& stream) {
  const std::lock_guard lock(mutex_);
  stopped_.insert(stream.text);
}

void DaemonFigures::set_process() {
  const ProcessFacts facts = read_process_facts();
  const auto set = [this](Family id, const std::optional<double>& value) {
    if (value) gauge(id).Set(*value);
  };
  set(Family::process_resident, facts.resident_bytes);
  set(Family::process_virtual, facts.virtual_bytes);
  set(Family::process_open_files, facts.open_files);
  set(Family::process_max_files, facts.max_files);
  set(Family::process_start_time, facts.start_time_seconds);
  if (!facts.cpu_seconds) return;
  const std::lock_guard lock(mutex_);
  if (*facts.cpu_seconds < cpu_seconds_) return;
  counter(Family::process_cpu).Increment(*facts.cpu_seconds - cpu_seconds_);
  cpu_seconds_ = *facts.cpu_seconds;
}

void DaemonFigures::count_up_to(Family id, std::uint64_t value) {
  const std::lock_guard lock(mutex_);
  std::uint64_t& before = counted_[id];
  counter(id).Increment(static_cast<double>(value - std::min(before, value)));
  before = std::max(before, value);
}

void DaemonFigures::set_kafka(const KafkaFigures& figures) {
  const auto set = [this](Family id, auto value) {
    gauge(id).Set(static_cast<double>(value));
  };
  set(Family::kafka_reachable, figures.reachable ? 1 : 0);
  set(Family::kafka_partitions, figures.partitions);
  set(Family::kafka_partitions_owned, figures.owned);
  set(Family::kafka_command_lag, figures.lag);
  set(Family::kafka_held_back, figures.held_back_s);
  set(Family::kafka_load_heard, figures.load_heard ? 1 : 0);
  set(Family::kafka_load_gateways, figures.load_gateways);
  count_up_to(Family::kafka_partitions_opened, figures.opened);
  count_up_to(Family::kafka_transactions_failed, figures.failed);
  count_up_to(Family::kafka_transactions_fenced, figures.fenced);
  count_up_to(Family::kafka_commands_forwarded, figures.forwarded);
  count_up_to(Family::kafka_dead_letters, figures.put_aside);
  count_up_to(Family::kafka_records_void, figures.voided);
  count_up_to(Family::kafka_load_facts, figures.load_facts);
  count_up_to(Family::kafka_load_late, figures.load_late);
  count_up_to(Family::kafka_load_unreadable, figures.load_unreadable);
}

std::map<std::string, prometheus::MetricFamily> DaemonFigures::collect(
    const DaemonNow& now) {
  const auto set = [this](Family id, auto value) {
    gauge(id).Set(static_cast<double>(value));
  };
  set(Family::ready, now.phase == "ready" ? 1 : 0);
  for (const std::string_view phase : phases) {
    gauge(Family::phase, {{"phase", std::string(phase)}})
        .Set(now.phase == phase ? 1 : 0);
  }
  if (now.recovery_time.count() > 0) {
    set(Family::recovery_duration,
        static_cast<double>(now.recovery_time.count()) / 1e3);
  }
  if (now.kafka) set_kafka(*now.kafka);
  set(Family::view_lag, now.behind);
  set(Family::inputs_waiting, now.waiting_inputs);
  set(Family::actors_live, now.live_actors);
  set(Family::commands_under_way, now.commands);
  set(Family::api_followers, now.followers);
  {
    const std::lock_guard lock(mutex_);
    set(Family::streams_stopped, stopped_.size());
  }
  set_process();
  std::map<std::string, prometheus::MetricFamily> all;
  for (auto& family : registry_.Collect())
    all.emplace(family.name, std::move(family));
  return all;
}

}  // namespace understudy::telemetry
