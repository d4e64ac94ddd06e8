#pragma once

/// What the topics must be for the log to hold: one table, from which topics
/// are made and by which they are judged.
///
/// Thread safety: pure functions and plain values.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/event_log/kafka_settings.hpp"

namespace understudy {

/// One thing about one topic that is not as it must be.
struct TopicFinding {
  std::string topic;
  std::string setting;  ///< `cleanup.policy`, `partitions`, ...
  std::string found;
  std::string wanted;
  std::string why;
  std::string change;  ///< The command that mends it, or what to do.

  /// `TOPIC: SETTING is FOUND, must be WANTED: WHY; change it with: CHANGE`
  [[nodiscard]] std::string line() const;
};

/// What is asked of the topics beyond the table.
struct TopicDemands {
  /// Of the topics that are partitioned alike. 0: any count, the same for all.
  std::int32_t partitions = 0;
  /// Copies on several machines, so that the loss of one loses nothing.
  bool production = false;
};

/// One partition of the journal, as far as it matters here.
struct JournalPartition {
  std::int64_t begin = 0;  ///< The first offset that is still there.
  /// How many partitions there were when its first record was written.
  std::optional<std::int32_t> partitions_at_first;
};

struct TopicState {
  std::int32_t partitions = 0;
  std::int32_t replicas = 0;  ///< Of the partition that has the fewest.
  std::map<std::string, std::string> settings;  ///< In force, defaults too.
};

/// By full name. A topic that is not in it does not exist.
struct TopicStates {
  std::map<std::string, TopicState> topics;
  std::vector<JournalPartition> journal;  ///< By partition; may be empty.
};

/// One of the six.
struct TopicRule {
  std::string_view name;  ///< Without the prefix.
  /// Has as many partitions as the journal: partition N of all of them
  /// belongs together.
  bool alike = false;
  struct Setting {
    std::string_view key;
    std::string_view value;  ///< What it is made with.
    enum class Check : std::uint8_t { exact, at_least } check;
    std::string_view least;  ///< For `at_least`; -1 counts as without limit.
    std::string_view why;
  };
  std::span<const Setting> settings;
};

[[nodiscard]] std::span<const TopicRule> topic_rules();

/// How many replicas must have a record before it counts as written.
[[nodiscard]] constexpr std::int32_t min_insync(std::int32_t replicas) {
  return replicas >= 3 ? 2 : 1;
}

/// In the order of the table; empty when all is well.
[[nodiscard]] std::vector<TopicFinding> judge_topics(
    const KafkaSettings& settings, const TopicStates& states,
    const TopicDemands& demands);

}  // namespace understudy
