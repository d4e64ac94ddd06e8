#pragma once

/// The control plane of one of several daemons that share a fleet on Kafka.
///
/// The group over the commands topic says which partitions are this
/// daemon's; each of them gets a `PartitionHost` and a `CommandIntake`. What
/// is shown is the whole fleet, whoever owns it: the follower reads every
/// partition. A command that comes in here is published, and its answer is
/// what the log says of it.
///
/// Thread safety and meaning as `ControlPlane` says. Ownership: surroundings
/// and observers must outlive it.

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "services/control/command_outcomes.hpp"
#include "services/control/control_plane.hpp"
#include "services/control/dry_runs.hpp"
#include "services/control/held_back.hpp"
#include "services/control/kafka_form.hpp"
#include "services/control/owned_partition.hpp"
#include "services/event_log/kafka_commands.hpp"
#include "services/event_log/kafka_group.hpp"
#include "services/event_log/kafka_log.hpp"
#include "services/event_log/kafka_tail.hpp"

namespace understudy {

struct KafkaPlaneOptions {
  KafkaSettings kafka;
  HostOptions host;  ///< Of each partition; its number is filled in.
  std::size_t threads = 2;
  std::size_t max_commands = 1024;
  std::function<void(const LogCommit&)> on_commit;
  /// Sets figures that somebody else knows; may be empty.
  std::function<void(KafkaFigures&)> more_figures;
};

class KafkaPlane final : public ControlPlane {
 public:
  /// Begins to follow the journal and joins the group. Errors: `not_found`
  /// when the topics are not there, `unavailable`, `invalid_input`.
  [[nodiscard]] static Result<std::unique_ptr<KafkaPlane>> open(
      KafkaPlaneOptions options, Surroundings& surroundings,
      std::vector<FleetFollower::Observer> observers, ControlEvents events);
  ~KafkaPlane() override;

  void stop() override;
  [[nodiscard]] Readiness readiness() const override;
  bool await_ready(std::chrono::milliseconds wait) const override;
  [[nodiscard]] Outcome execute(const Command& command,
                                std::chrono::milliseconds wait) override;
  /// From the log where the endpoint's partition is another daemon's.
  [[nodiscard]] Outcome preview(const Command& command,
                                std::chrono::milliseconds wait) override;
  [[nodiscard]] FleetFollower& follower() override { return *follower_; }
  [[nodiscard]] std::uint32_t partitions() const override {
    return tail_->partitions();
  }
  [[nodiscard]] Result<std::vector<std::unique_ptr<EventLog>>> open_readers()
      const override {
    return KafkaLog::open_readers(options_.kafka, peek_kafka_record);
  }
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] PartitionLoad load() const override;
  [[nodiscard]] std::size_t commands_under_way() const override {
    return under_way_;
  }
  [[nodiscard]] std::chrono::milliseconds recovery_time() const override;

  [[nodiscard]] const CommandOutcomes& outcomes() const override {
    return outcomes_;
  }
  [[nodiscard]] std::optional<KafkaFigures> kafka() const override;

 private:
  using Owned = std::map<std::uint32_t, std::shared_ptr<OwnedPartition>>;

  KafkaPlane(KafkaPlaneOptions options, Surroundings& surroundings,
             ControlEvents events);
  void gain(const std::vector<std::uint32_t>& partitions);
  void give_up(const std::vector<std::uint32_t>& partitions);
  [[nodiscard]] Owned owned() const;
  /// The partition where it is at home, if it is this daemon's; else nothing.
  [[nodiscard]] std::shared_ptr<OwnedPartition> owner_of(
      const Command& command) const;
  [[nodiscard]] std::uint32_t home_of(const Command& command) const;
  void watch();
  void look();
  void tell_phase();

  const KafkaPlaneOptions options_;
  Surroundings& surroundings_;
  const ControlEvents events_;
  std::unique_ptr<RecordCodec> codec_;
  std::unique_ptr<RestCodec> rest_codec_;
  CommandOutcomes outcomes_;
  std::unique_ptr<KafkaTail> tail_;
  std::unique_ptr<kafka::OffsetAsker> asker_;
  std::unique_ptr<HeldBack> held_back_;  ///< Of the watcher alone.
  std::unique_ptr<CommandPublisher> publisher_;
  std::unique_ptr<FleetFollower> follower_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<SharedCapacity> capacity_;
  DryRuns dry_runs_;
  std::unique_ptr<PartitionGroup> group_;
  std::atomic<std::size_t> under_way_ = 0;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Owned owned_;
  KafkaFigures counted_;     ///< What goes on counting when partitions go.
  std::string unreachable_;  ///< Why the cluster cannot be reached; or empty.
  std::string held_;         ///< What holds readers back; or empty.
  std::string told_;         ///< The phase that was told last.
  bool stopping_ = false;
  std::thread watcher_;
};

}  // namespace understudy
