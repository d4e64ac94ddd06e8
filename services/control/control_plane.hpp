#pragma once

/// One daemon's control plane: the log, the runtime on it, and what is shown
/// of it. The HTTP API and the metrics stand on this.
///
/// It recovers on a thread of its own: folds the log, reads it for the read
/// model, starts the actors, and compares the provider's list with the log.
/// When the log fails (a full disk), everything is thrown away and recovered
/// again, until it works; what is shown goes on being shown.
///
/// Thread safety: all calls from any thread, except `stop`, which belongs to
/// its owner.

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
#include <string_view>
#include <thread>
#include <vector>

#include "actors/runtime/partition.hpp"
#include "services/codec/command_json.hpp"
#include "services/control/fleet_follower.hpp"
#include "services/control/surroundings.hpp"
#include "services/event_log/lmdb_log.hpp"

namespace understudy {

struct ControlOptions {
  std::string log_directory;
  std::string owner = "understudy";
  std::size_t threads = 2;        ///< Of the runtime.
  std::size_t max_live = 10'000;  ///< Actors, see PartitionOptions.
  /// Commands under way at once; more are refused as overload.
  std::size_t max_commands = 1024;
  std::uint32_t sweep_interval_s = 60;
  /// Snapshots are refreshed after so many records; 0: at a clean stop only.
  std::uint64_t snapshot_records = 200'000;
  LmdbOptions log;
};

enum class Phase : std::uint8_t { recovering, ready, failed, stopping };

constexpr std::array<std::string_view, 4> names_of(Phase) {
  return {"recovering", "ready", "log-failed", "stopping"};
}

struct Readiness {
  Phase phase = Phase::recovering;
  std::string message;
  std::uint64_t seen = 0;   ///< Records read for the read model,
  std::uint64_t total = 0;  ///< of so many.
  UNDERSTUDY_FIELDS(Readiness, phase, message, seen, total)
};

/// What came of handing a command in.
enum class Handling : std::uint8_t {
  answered,    ///< `answer` holds, and is durable.
  not_ready,   ///< Nothing was done: ask again later.
  overloaded,  ///< Nothing was done: ask again later.
  unknown,     ///< No answer in time: ask again with the same command id.
};

struct Outcome {
  Handling handling = Handling::not_ready;
  CommandAnswer answer;
  std::vector<AnyEvent> events;  ///< Of a preview.
};

/// What a daemon wants to hear of. Called from any thread; may be empty.
struct ControlEvents {
  std::function<void(const Readiness&)> phase_changed;
  std::function<void(const StreamId&, const std::string&)> stream_stopped;
};

class ControlPlane {
 public:
  /// Opens the log for writing and begins to recover. `surroundings` must
  /// outlive it. Errors: as `LmdbLog::open_writer`.
  [[nodiscard]] static Result<std::unique_ptr<ControlPlane>> open(
      ControlOptions options, Surroundings& surroundings,
      std::vector<FleetFollower::Observer> observers, ControlEvents events);
  ~ControlPlane();
  ControlPlane(const ControlPlane&) = delete;
  ControlPlane& operator=(const ControlPlane&) = delete;

  /// Takes no command any more, finishes what is under way, ends.
  void stop();

  [[nodiscard]] Readiness readiness() const;
  /// Waits until it is ready; false after `wait`, or when it stops.
  bool await_ready(std::chrono::milliseconds wait) const;

  /// Carries a command out; returns when its answer is durable.
  [[nodiscard]] Outcome execute(const Command& command,
                                std::chrono::milliseconds wait);
  /// What `execute` would answer, and the events that it would record first.
  [[nodiscard]] Outcome preview(const Command& command,
                                std::chrono::milliseconds wait);

  [[nodiscard]] FleetFollower& follower() { return *follower_; }
  [[nodiscard]] const std::string& log_directory() const {
    return options_.log_directory;
  }
  [[nodiscard]] Instant now() const;
  [[nodiscard]] PartitionLoad load() const;
  [[nodiscard]] std::size_t commands_under_way() const { return under_way_; }
  /// Duration of the last recovery, rounded up; 0 before there was one.
  [[nodiscard]] std::chrono::milliseconds recovery_time() const;

 private:
  ControlPlane(ControlOptions options, Surroundings& surroundings,
               ControlEvents events);

  Result<void> open_log();
  void run();
  Result<void> recover();
  void serve();
  void close_partition();
  void enter(Phase phase, std::string message);
  [[nodiscard]] Outcome hand_in(const Command& command,
                                std::chrono::milliseconds wait, bool preview);

  const ControlOptions options_;
  Surroundings& surroundings_;
  const ControlEvents events_;
  std::unique_ptr<RecordCodec> codec_;
  std::unique_ptr<RestCodec> rest_codec_;

  std::unique_ptr<LmdbLog> reader_;
  std::unique_ptr<FleetFollower> follower_;
  std::unique_ptr<Runtime> runtime_;

  mutable std::shared_mutex partition_mutex_;  ///< Guards the two below.
  std::unique_ptr<LmdbLog> log_;
  std::unique_ptr<Partition> partition_;
  std::atomic<std::size_t> under_way_ = 0;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Phase phase_ = Phase::recovering;
  std::string message_;
  std::optional<Error> log_failure_;
  std::uint64_t durable_ = 0;
  std::uint64_t snapshots_at_ = 0;
  std::chrono::milliseconds recovery_time_{0};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace understudy
