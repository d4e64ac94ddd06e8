#pragma once

/// Which partitions this daemon owns: it is a member of the consumer group
/// over the commands topic, and the group's assignment is the ownership. No
/// message is read here: whoever owns a partition reads its commands from
/// where its journal says. No offset is committed either: librdkafka takes a
/// commit that meets a rebalance for the loss of every partition.
///
/// Thread safety: all calls from any thread, except `leave`, which belongs
/// to its owner.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "actors/core/result.hpp"
#include "services/event_log/kafka_client.hpp"
#include "services/event_log/kafka_settings.hpp"

namespace understudy {

/// Called from the group's own thread. While one runs the group waits, so
/// `taken` must not take longer than its members may be silent.
struct GroupCalls {
  std::function<void(const std::vector<std::uint32_t>&)> gained;
  /// The partitions are another's when it returns; `lost` says that they may
  /// be already.
  std::function<void(const std::vector<std::uint32_t>&, bool lost)> taken;
};

class PartitionGroup {
 public:
  [[nodiscard]] static Result<std::unique_ptr<PartitionGroup>> join(
      const KafkaSettings& settings, GroupCalls calls);
  ~PartitionGroup();
  PartitionGroup(const PartitionGroup&) = delete;
  PartitionGroup& operator=(const PartitionGroup&) = delete;

  /// Gives all partitions back, through `taken`, and leaves.
  void leave();

  /// Whether the group has told this member at least once what it owns.
  [[nodiscard]] bool joined() const { return joined_; }
  [[nodiscard]] std::string trouble() const { return client_->trouble(); }

 private:
  explicit PartitionGroup(GroupCalls calls) : calls_(std::move(calls)) {}
  void run();
  void rebalance(rd_kafka_resp_err_t code,
                 rd_kafka_topic_partition_list_t* partitions);

  const GroupCalls calls_;
  std::string topic_;
  std::unique_ptr<kafka::Client> client_;
  std::atomic<bool> joined_ = false;
  std::atomic<bool> leaving_ = false;
  std::thread thread_;
};

/// Home of an endpoint among so many partitions: murmur2 of its name, as
/// Java's clients choose by default and librdkafka's with
/// `partitioner=murmur2_random`.
[[nodiscard]] std::uint32_t home_partition(std::string_view endpoint,
                                           std::uint32_t partitions);

}  // namespace understudy
