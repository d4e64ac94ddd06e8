#pragma once

/// Keeps one partition at work: opens its log, folds it, starts its actors,
/// compares the provider's list with it now and then, refreshes snapshots.
/// When the log fails everything is thrown away and recovered again, until it
/// works or the host is stopped.
///
/// Thread safety: all calls from any thread, except `start` and `stop`, which
/// belong to its owner.

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <thread>

#include "actors/runtime/partition.hpp"
#include "services/control/control_plane.hpp"
#include "services/control/surroundings.hpp"

namespace understudy {

struct HostOptions {
  std::uint32_t partition = 0;
  std::string owner = "understudy";  ///< Marks its instances.
  std::size_t max_live = 10'000;     ///< Actors, see PartitionOptions.
  std::uint32_t sweep_interval_s = 60;
  /// Snapshots are refreshed after so many records; 0: at a clean stop only.
  std::uint64_t snapshot_records = 200'000;
};

/// What the host works with; all of it must outlive it.
struct HostParts {
  Runtime& runtime;
  const RecordCodec& codec;
  const RestCodec& rest_codec;
  Surroundings& surroundings;
  FleetFollower& follower;
  /// In place of the surroundings' own; null: that.
  CapacityProvider* capacity = nullptr;
};

/// Called from the host's thread, but for `stream_stopped`; may be empty.
struct HostCalls {
  /// Opens the log for writing; must not be empty.
  std::function<Result<std::unique_ptr<EventLog>>()> open_log;
  /// Whether an open log is still where it was; asked at each sweep.
  std::function<Result<void>(EventLog&)> check_log;
  /// Inputs are taken from now on, until `closing`, which comes before the
  /// log goes.
  std::function<void(EventLog&)> opened;
  std::function<void()> closing;
  std::function<void()> changed;  ///< Phase or message.
  std::function<void(const StreamId&, const std::string&)> stream_stopped;
};

class PartitionHost {
 public:
  PartitionHost(HostOptions options, HostParts parts, HostCalls calls);
  ~PartitionHost();
  PartitionHost(const PartitionHost&) = delete;
  PartitionHost& operator=(const PartitionHost&) = delete;

  /// With a log that is open already, or none.
  void start(std::unique_ptr<EventLog> log);
  /// Finishes what is under way and ends.
  void stop();

  /// False, and nothing was done, while there is no partition at work.
  bool submit(const StreamId& to, OutsideInput input, Reply reply);
  bool try_out(const StreamId& to, OutsideInput input, Preview preview);

  /// Hands a command in and waits for its answer to be durable.
  [[nodiscard]] Outcome execute(const Command& command,
                                std::chrono::milliseconds wait);
  [[nodiscard]] Outcome preview(const Command& command,
                                std::chrono::milliseconds wait);

  struct Status {
    Phase phase = Phase::recovering;
    std::string message = "opening the log";
  };
  [[nodiscard]] Status status() const;
  [[nodiscard]] PartitionLoad load() const;
  [[nodiscard]] std::chrono::milliseconds recovery_time() const;

 private:
  void run();
  Result<void> recover();
  void serve();
  void close();
  void enter(Phase phase, std::string message);
  [[nodiscard]] bool snapshots_due() const;

  const HostOptions options_;
  const HostParts parts_;
  const HostCalls calls_;

  mutable std::shared_mutex partition_mutex_;  ///< Guards the two below.
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Partition> partition_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Status status_;
  std::optional<Error> log_failure_;
  std::optional<ErrorCode> ended_by_;  ///< The last failure, if any.
  std::uint64_t durable_ = 0;
  std::uint64_t snapshots_at_ = 0;
  std::chrono::milliseconds recovery_time_{0};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace understudy
