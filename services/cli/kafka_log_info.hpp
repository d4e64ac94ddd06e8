#pragma once

/// What `understudy log info` says of a log on Kafka.

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <vector>

#include "actors/core/result.hpp"
#include "services/cli/log_figures.hpp"
#include "services/codec/json.hpp"
#include "services/event_log/kafka_facts.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy {

struct KafkaLogInfo {
  struct Partition {
    LogFigures figures;
    Amount snapshots;
    std::uint64_t snapshots_at = 0;  ///< The last record in them; 0: no set.
  };

  KafkaFacts facts;
  LogFigures figures;
  std::vector<Partition> partitions;
};

/// Reads the whole log. `progress` is called now and then with how many
/// records were read. Errors: the log's own; `corrupt` with the position of a
/// record that does not hold.
[[nodiscard]] Result<KafkaLogInfo> read_kafka_log_info(
    const LogReader& reader, KafkaFacts facts,
    const std::function<void(std::uint64_t)>& progress);

[[nodiscard]] Json json_of(const KafkaLogInfo& info);
void write_log_info(std::ostream& out, const KafkaLogInfo& info);

}  // namespace understudy
