#include "services/understudyd/open_plane.hpp"

#include <utility>

#include "services/config/log_address.hpp"
#include "services/control/embedded_plane.hpp"
#include "services/control/kafka_plane.hpp"
#include "services/event_log/kafka_topics.hpp"
#include "services/logging/logging.hpp"
#include "services/understudyd/log_ends.hpp"

namespace understudy {
namespace {

/// Every finding is told; the first one is the error.
Result<void> trust_topics(const KafkaSettings& kafka, bool production) {
  TopicDemands demands;
  demands.production = production;
  const auto findings = check_topics(kafka, demands);
  if (!findings) return findings.error();
  if (findings.value().empty()) return {};
  for (const TopicFinding& one : findings.value())
    log_line(LogLevel::error, one.line());
  return Error{ErrorCode::invalid_input,
               "the topics cannot be trusted with the log: " +
                   std::to_string(findings.value().size()) +
                   " things to mend, see 'understudy topics check'"};
}

HostOptions host_options(const Settings& settings) {
  HostOptions options;
  options.owner = settings.owner;
  options.max_live = settings.runtime.max_live_actors;
  options.sweep_interval_s = settings.runtime.sweep_interval_s;
  options.snapshot_records = settings.runtime.snapshot_records;
  return options;
}

}  // namespace

Result<std::unique_ptr<ControlPlane>> open_plane(
    const Settings& settings, Surroundings& surroundings, Telemetry& telemetry,
    std::vector<FleetFollower::Observer> observers, ControlEvents events,
    std::function<void(KafkaFigures&)> more_figures) {
  const auto committed = [&telemetry](const LogCommit& commit) {
    telemetry.committed(commit.duration_us, commit.records, commit.bytes);
  };
  if (on_kafka(settings)) {
    auto kafka = kafka_settings_of(settings);
    if (!kafka) return kafka.error();
    if (auto good = trust_topics(
            kafka.value(), settings.kafka.topics == TopicDemand::production);
        !good)
      return good.error();
    KafkaPlaneOptions options;
    options.kafka = std::move(kafka).value();
    options.host = host_options(settings);
    options.threads = settings.runtime.threads;
    options.max_commands = settings.api.max_commands;
    options.on_commit = committed;
    options.more_figures = std::move(more_figures);
    auto plane = KafkaPlane::open(std::move(options), surroundings,
                                  std::move(observers), std::move(events));
    if (!plane) return plane.error();
    return std::unique_ptr<ControlPlane>(std::move(plane).value());
  }
  auto directory = embedded_directory(settings.log);
  if (!directory) return directory.error();
  ControlOptions options;
  options.log_directory = std::move(directory).value();
  options.host = host_options(settings);
  options.threads = settings.runtime.threads;
  options.max_commands = settings.api.max_commands;
  options.log.on_commit = committed;
  return EmbeddedPlane::open(std::move(options), surroundings,
                             std::move(observers), std::move(events));
}

}  // namespace understudy
