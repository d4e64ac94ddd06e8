#pragma once

/// Makes the topics and says whether they can be trusted.
///
/// Thread safety: functions without state; each opens a client of its own and
/// blocks, for some seconds at most when the cluster does not answer.

#include <cstdint>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "services/event_log/kafka_settings.hpp"
#include "services/event_log/kafka_topic_rules.hpp"

namespace understudy {

/// Partitions of the journal, where nothing else is asked for: how many
/// daemons can share the work at most.
inline constexpr std::int32_t default_partitions = 8;

struct TopicsToMake {
  std::int32_t partitions = default_partitions;
  /// 0: three, or as many as there are brokers.
  std::int32_t replication = 0;
  bool production = false;
};

struct TopicMade {
  std::string name;
  bool made = false;  ///< False: it was there, and was left as it is.
};

/// Makes those that are missing; changes none. When some are there, the others
/// get as many partitions as the journal has. Errors: `unavailable` for a
/// cluster that cannot be reached or does not let us, `invalid_input` for one
/// that cannot hold what is asked.
[[nodiscard]] Result<std::vector<TopicMade>> create_topics(
    const KafkaSettings& settings, const TopicsToMake& wanted);

/// What would lose data, or keep the log from working; empty when all is
/// well. Reads the settings of the topics and the begin of each partition of
/// the journal. Errors: `unavailable`.
[[nodiscard]] Result<std::vector<TopicFinding>> check_topics(
    const KafkaSettings& settings, const TopicDemands& demands);

/// As above, and what was seen.
[[nodiscard]] Result<TopicStates> look_at_topics(const KafkaSettings& settings);

}  // namespace understudy
