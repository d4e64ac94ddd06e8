#pragma once

/// What a record looks like on Kafka: key and text headers for people and
/// tools, and the fleet event as CloudEvents 1.0 in binary mode, with JSON
/// data. schemas/ holds the contract.

#include <functional>
#include <memory>
#include <optional>

#include "actors/runtime/record.hpp"
#include "services/control/command_window.hpp"
#include "services/event_log/kafka_log.hpp"

namespace understudy {

/// For the records of one partition; `window` finds the offset of the command
/// that a record answers. Thread safety: one call at a time.
[[nodiscard]] std::function<KafkaForm(std::uint64_t, Bytes)> make_kafka_form(
    std::uint32_t partition, const RecordCodec& codec,
    const CommandWindow& window);

/// Sequence and epoch of a record, for readers of the journal.
[[nodiscard]] std::optional<kafka::Peeked> peek_kafka_record(Bytes bytes);

}  // namespace understudy
