#pragma once

/// The control plane of one daemon alone on an embedded log.
///
/// Thread safety and meaning as `ControlPlane` says. Ownership: surroundings
/// and observers must outlive it.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/control/control_plane.hpp"
#include "services/control/partition_host.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/event_log/single_tail.hpp"

namespace understudy {

struct ControlOptions {
  std::string log_directory;
  HostOptions host;
  std::size_t threads = 2;  ///< Of the runtime.
  /// Commands under way at once; more are refused as overload.
  std::size_t max_commands = 1024;
  LmdbOptions log;
};

class EmbeddedPlane final : public ControlPlane {
 public:
  /// Opens the log for writing and begins to recover. Errors: as
  /// `LmdbLog::open_writer`.
  [[nodiscard]] static Result<std::unique_ptr<ControlPlane>> open(
      ControlOptions options, Surroundings& surroundings,
      std::vector<FleetFollower::Observer> observers, ControlEvents events);
  ~EmbeddedPlane() override;

  void stop() override;
  [[nodiscard]] Readiness readiness() const override;
  bool await_ready(std::chrono::milliseconds wait) const override;
  [[nodiscard]] Outcome execute(const Command& command,
                                std::chrono::milliseconds wait) override;
  [[nodiscard]] Outcome preview(const Command& command,
                                std::chrono::milliseconds wait) override;
  [[nodiscard]] FleetFollower& follower() override { return *follower_; }
  [[nodiscard]] std::uint32_t partitions() const override { return 1; }
  [[nodiscard]] Result<std::vector<std::unique_ptr<EventLog>>> open_readers()
      const override;
  [[nodiscard]] const CommandOutcomes& outcomes() const override {
    return outcomes_;
  }
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] PartitionLoad load() const override { return host_->load(); }
  [[nodiscard]] std::size_t commands_under_way() const override {
    return under_way_;
  }
  [[nodiscard]] std::chrono::milliseconds recovery_time() const override {
    return host_->recovery_time();
  }

 private:
  EmbeddedPlane(ControlOptions options, Surroundings& surroundings,
                ControlEvents events);
  Result<std::unique_ptr<EventLog>> open_log() const;
  void tell_phase();

  const ControlOptions options_;
  Surroundings& surroundings_;
  const ControlEvents events_;
  std::unique_ptr<RecordCodec> codec_;
  std::unique_ptr<RestCodec> rest_codec_;
  std::unique_ptr<LmdbLog> reader_;
  std::unique_ptr<SingleTail> tail_;
  CommandOutcomes outcomes_;
  std::unique_ptr<FleetFollower> follower_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<PartitionHost> host_;
  std::atomic<std::size_t> under_way_ = 0;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopping_ = false;
};

}  // namespace understudy
