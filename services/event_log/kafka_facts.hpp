#pragma once

/// How a log on Kafka stands, for `understudy log info`: what the cluster
/// tells of each partition without reading all of it.
///
/// Thread safety: a function without state; it blocks, for some seconds at
/// most when the cluster does not answer.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "services/event_log/kafka_settings.hpp"

namespace understudy {

struct KafkaPartitionFacts {
  std::uint64_t first_offset = 0;
  std::uint64_t end_offset = 0;   ///< Of what is settled.
  std::uint64_t open = 0;         ///< Offsets after that, not settled yet.
  std::uint64_t records = 0;      ///< Their sequences are 1 to this.
  std::uint32_t epoch = 0;        ///< How often it was taken over.
  std::uint64_t commands_at = 0;  ///< All commands before it are dealt with.
  std::uint64_t commands_behind = 0;  ///< Those after it, at most.
  /// The machine whose daemon has it; empty: nobody.
  std::string owner;
};

struct KafkaFacts {
  std::string bootstrap;
  std::string prefix;
  std::int32_t brokers = 0;
  std::int32_t replicas = 0;  ///< Of the journal's partitions, the fewest.
  std::vector<KafkaPartitionFacts> partitions;
  /// Why owners are not known; they are when it is empty.
  std::string owners_unknown;
};

/// Errors: `not_found` when the topics are not there, `unavailable`,
/// `corrupt`.
[[nodiscard]] Result<KafkaFacts> read_kafka_facts(
    const KafkaSettings& settings);

}  // namespace understudy
