#pragma once

/// One partition while it is this daemon's: its host, the window of its
/// commands, and their intake.
///
/// Thread safety: all calls from any thread, except `start` and `stop`,
/// which belong to its owner. Ownership: all it is given must outlive it.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "services/capacity/shared_capacity.hpp"
#include "services/control/command_intake.hpp"
#include "services/control/command_window.hpp"
#include "services/control/partition_host.hpp"

namespace understudy {

struct OwnedCalls {
  std::function<void(const LogCommit&)> on_commit;
  std::function<void()> changed;
  std::function<void(const StreamId&, const std::string&)> stream_stopped;
};

class OwnedPartition {
 public:
  OwnedPartition(const KafkaSettings& settings, HostOptions options,
                 std::uint32_t partitions, HostParts parts,
                 SharedCapacity& capacity, OwnedCalls calls);
  ~OwnedPartition();

  void start();
  void stop();

  [[nodiscard]] PartitionHost& host() { return host_; }
  [[nodiscard]] const CommandWindow& window() const { return window_; }
  [[nodiscard]] PartitionHost::Status status() const;
  /// Why an endpoint's stream takes nothing more; empty while it does.
  [[nodiscard]] std::string stopped(const std::string& endpoint) const;
  /// Adds what it counted.
  void add_counts(KafkaFigures& figures) const;

 private:
  Result<std::unique_ptr<EventLog>> open_log();
  [[nodiscard]] HostParts with_own(const HostParts& parts) const;
  HostCalls host_calls();
  IntakeCalls intake_calls();

  const KafkaSettings settings_;
  const std::uint32_t partition_;
  /// Its own: encoding is for one thread at a time, and partitions encode
  /// side by side.
  const std::unique_ptr<RecordCodec> codec_;
  const OwnedCalls calls_;
  const std::unique_ptr<CapacityProvider> capacity_;
  CommandWindow window_;
  std::atomic<std::uint64_t> opened_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
  std::atomic<std::uint64_t> fenced_ = 0;
  mutable std::mutex mutex_;
  std::string intake_trouble_;
  std::map<std::string, std::string> stopped_;  ///< Streams, with the reason.
  PartitionHost host_;
  CommandIntake intake_;
};

}  // namespace understudy
