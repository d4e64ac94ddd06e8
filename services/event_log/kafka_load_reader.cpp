#include <algorithm>

#include "services/event_log/kafka_load.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t us_per_ms = 1000;
/// So many at a time, then others have their turn.
constexpr std::size_t most_messages = 10'000;

std::optional<Instant> stored_at(const rd_kafka_message_t& message) {
  rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t ms = rd_kafka_message_timestamp(&message, &kind);
  if (kind != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME || ms < 0) return {};
  return Instant{ms * us_per_ms};
}

std::string_view value_of(const rd_kafka_message_t& message) {
  if (message.payload == nullptr) return {};
  return {static_cast<const char*>(message.payload), message.len};
}

}  // namespace

Result<std::unique_ptr<LoadTopicReader>> LoadTopicReader::open(
    const KafkaSettings& settings) {
  std::unique_ptr<LoadTopicReader> made(new LoadTopicReader());
  made->topic_ = settings.topic("load");
  auto asker =
      kafka::OffsetAsker::make(settings, kafka::Isolation::read_uncommitted);
  if (!asker) return asker.error();
  made->asker_ = std::move(asker).value();
  const auto partitions = made->asker_->partitions(made->topic_);
  if (!partitions) return partitions.error();
  made->partitions_ = partitions.value();
  // What a transaction of somebody's holds back is no longer news when it
  // comes.
  auto client = kafka::Client::make(RD_KAFKA_CONSUMER, settings,
                                    {{"group.id", settings.prefix + ".reader"},
                                     {"isolation.level", "read_uncommitted"},
                                     {"enable.auto.commit", "false"},
                                     {"enable.auto.offset.store", "false"},
                                     {"enable.partition.eof", "true"},
                                     {"auto.offset.reset", "latest"},
                                     {"fetch.wait.max.ms", "100"}});
  if (!client) return client.error();
  made->client_ = std::move(client).value();
  if (auto assigned = made->assign(); !assigned) return assigned.error();
  return made;
}

Result<void> LoadTopicReader::assign() {
  const kafka::PartitionsHandle list(
      rd_kafka_topic_partition_list_new(static_cast<int>(partitions_)));
  for (std::uint32_t one = 0; one < partitions_; ++one) {
    const auto end = asker_->stable_end(topic_, one);
    if (!end) return end.error();
    positions_[one] = end.value();
    ends_[one] = end.value();
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(),
                                      static_cast<std::int32_t>(one))
        ->offset = static_cast<std::int64_t>(end.value());
  }
  const auto code = rd_kafka_assign(client_->handle(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return client_->error("read " + topic_, code);
  return {};
}

Result<void> LoadTopicReader::next(
    milliseconds wait,
    const std::function<void(const LoadTopicMessage&)>& visit) {
  for (std::size_t count = 0; count < most_messages; ++count) {
    const kafka::MessageHandle message(rd_kafka_consumer_poll(
        client_->handle(), count == 0 ? static_cast<int>(wait.count()) : 0));
    if (!message) return {};
    const auto partition = static_cast<std::uint32_t>(message->partition);
    const auto offset = static_cast<std::uint64_t>(message->offset);
    switch (message->err) {
      case RD_KAFKA_RESP_ERR_NO_ERROR: {
        visit({partition, offset, value_of(*message), stored_at(*message)});
        const std::lock_guard lock(mutex_);
        positions_[partition] = offset + 1;
        break;
      }
      case RD_KAFKA_RESP_ERR__PARTITION_EOF: {
        const std::lock_guard lock(mutex_);
        positions_[partition] = std::max(positions_[partition], offset);
        break;
      }
      case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        return client_->error("read " + topic_, message->err);
      default:
        break;  // librdkafka goes on by itself.
    }
  }
  return {};
}

Result<bool> LoadTopicReader::current() {
  const auto partitions = asker_->partitions(topic_);
  if (!partitions) return partitions.error();
  if (partitions.value() != partitions_) {
    return Error{ErrorCode::unavailable,
                 topic_ + " has " + std::to_string(partitions.value()) +
                     " partitions, it had " + std::to_string(partitions_)};
  }
  bool all = true;
  for (auto& [partition, end] : ends_) {
    {
      const std::lock_guard lock(mutex_);
      // A topic that was made anew ends before where it was.
      all = all && positions_[partition] >= end;
    }
    const auto now = asker_->stable_end(topic_, partition);
    if (!now) return now.error();
    end = now.value();
  }
  return all;
}

}  // namespace understudy
