#pragma once

/// The questions and orders about topics that librdkafka's admin API takes.
///
/// Thread safety: one thread. Ownership: `client` must outlive it.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "services/event_log/kafka_client.hpp"
#include "services/event_log/kafka_topic_rules.hpp"

namespace understudy::kafka {

class Admin {
 public:
  explicit Admin(const Client& client) : client_(client) {}

  struct Topic {
    std::int32_t partitions = 0;
    std::int32_t replicas = 0;  ///< Of the partition that has the fewest.
    bool ready = true;          ///< Every partition has a leader.
  };
  struct Cluster {
    std::int32_t brokers = 0;
    std::map<std::string, Topic> topics;
  };

  /// All topics that there are; none is made by asking.
  [[nodiscard]] Result<Cluster> cluster() const;

  struct NewTopic {
    std::string name;
    std::int32_t partitions;
    std::int32_t replicas;
    std::map<std::string, std::string> settings;
  };
  /// One that is there already is no error.
  [[nodiscard]] Result<void> create(const std::vector<NewTopic>& topics) const;

  /// Settings in force, defaults too.
  [[nodiscard]] Result<std::map<std::string, std::string>> settings(
      const std::string& topic) const;

  /// Which machine's member of a consumer group has each partition of a topic
  /// now; one that nobody has is not in it.
  [[nodiscard]] Result<std::map<std::uint32_t, std::string>> owners(
      const std::string& group, const std::string& topic) const;

 private:
  const Client& client_;
};

}  // namespace understudy::kafka
