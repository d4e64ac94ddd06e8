#pragma once

/// Who holds back a partition: what can be found out of a transaction that
/// nobody ends, from the first message that it wrote.
///
/// Thread safety: a function without state; it blocks, for some seconds.

#include <cstdint>
#include <string>

#include "services/event_log/kafka_settings.hpp"

namespace understudy::kafka {

/// One line: where it began, whose it is, and the commands that show its
/// producer and end it. `offset`: the last stable one of the partition, where
/// the oldest open transaction has its first message. A daemon is known by
/// the epoch that the message names and by who claimed it.
[[nodiscard]] std::string describe_hanging(const KafkaSettings& settings,
                                           const std::string& topic,
                                           std::uint32_t partition,
                                           std::uint64_t offset);

}  // namespace understudy::kafka
