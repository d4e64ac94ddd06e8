#pragma once

/// One daemon's control plane: the log, the runtime on it, and what is shown
/// of it. The HTTP API and the metrics stand on this. Two kinds stand behind
/// it: `EmbeddedPlane`, alone on its log, and `KafkaPlane`, one of several.
///
/// Thread safety: all calls from any thread, except `stop`, which belongs to
/// its owner.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/partition.hpp"
#include "services/codec/command_json.hpp"
#include "services/control/command_outcomes.hpp"
#include "services/control/command_wait.hpp"
#include "services/control/fleet_follower.hpp"
#include "services/control/kafka_figures.hpp"

namespace understudy {

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

/// What a daemon wants to hear of. Called from any thread; may be empty.
struct ControlEvents {
  std::function<void(const Readiness&)> phase_changed;
  std::function<void(const StreamId&, const std::string&)> stream_stopped;
};

class ControlPlane {
 public:
  virtual ~ControlPlane() = default;

  /// Takes no command any more, finishes what is under way, ends.
  virtual void stop() = 0;

  /// `failed` also while commands are decided and what is shown cannot be
  /// read on.
  [[nodiscard]] virtual Readiness readiness() const = 0;
  /// Waits until it is ready; false after `wait`, or when it stops.
  virtual bool await_ready(std::chrono::milliseconds wait) const = 0;

  /// Carries a command out; returns when its answer is durable.
  [[nodiscard]] virtual Outcome execute(const Command& command,
                                        std::chrono::milliseconds wait) = 0;
  /// What `execute` would answer, and the events that it would record first.
  [[nodiscard]] virtual Outcome preview(const Command& command,
                                        std::chrono::milliseconds wait) = 0;

  [[nodiscard]] virtual FleetFollower& follower() = 0;
  /// Partitions of the log.
  [[nodiscard]] virtual std::uint32_t partitions() const = 0;
  /// Opens the log for reading: each of its partitions, in their order.
  [[nodiscard]] virtual Result<std::vector<std::unique_ptr<EventLog>>>
  open_readers() const = 0;
  /// What became of the latest commands.
  [[nodiscard]] virtual const CommandOutcomes& outcomes() const = 0;
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual PartitionLoad load() const = 0;
  [[nodiscard]] virtual std::size_t commands_under_way() const = 0;
  /// Duration of the last recovery, rounded up; 0 before there was one.
  [[nodiscard]] virtual std::chrono::milliseconds recovery_time() const = 0;
  /// Nothing where the log is not on Kafka.
  [[nodiscard]] virtual std::optional<KafkaFigures> kafka() const {
    return std::nullopt;
  }
};

}  // namespace understudy
