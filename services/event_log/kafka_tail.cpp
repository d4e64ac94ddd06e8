#include "services/event_log/kafka_tail.hpp"

#include <algorithm>
#include <utility>

#include "services/event_log/kafka_cursor.hpp"
#include "services/event_log/kafka_producer.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// So soon a `wake` is noticed.
constexpr milliseconds slice{100};

}  // namespace

Result<std::unique_ptr<KafkaTail>> KafkaTail::open(
    const KafkaSettings& settings, const kafka::Peek& peek,
    PutAside put_aside) {
  std::unique_ptr<KafkaTail> made(new KafkaTail());
  made->put_aside_ = std::move(put_aside);
  made->topic_ = settings.topic("journal");
  const auto asker = kafka::OffsetAsker::make(settings);
  if (!asker) return asker.error();
  const auto partitions = asker.value()->partitions(made->topic_);
  if (!partitions) return partitions.error();
  made->partitions_ = partitions.value();
  for (std::uint32_t one = 0; one < made->partitions_; ++one) {
    auto [filter, added] = made->filters_.emplace(
        one, kafka::JournalFilter(one, made->topic_, peek));
    filter->second.expect(1);
    made->offsets_[one] = 0;
  }
  auto client = kafka::Client::make(RD_KAFKA_CONSUMER, settings,
                                    {{"group.id", settings.prefix + ".reader"},
                                     {"isolation.level", "read_committed"},
                                     {"enable.auto.commit", "false"},
                                     {"enable.auto.offset.store", "false"},
                                     {"auto.offset.reset", "error"},
                                     {"fetch.wait.max.ms", "100"}});
  if (!client) return client.error();
  made->client_ = std::move(client).value();
  return made;
}

Result<void> KafkaTail::assign() {
  const kafka::PartitionsHandle list(
      rd_kafka_topic_partition_list_new(static_cast<int>(partitions_)));
  for (const auto& [partition, offset] : offsets_) {
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(),
                                      static_cast<std::int32_t>(partition))
        ->offset = offset;
  }
  const auto code = rd_kafka_assign(client_->handle(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return client_->error("read " + topic_, code);
  assigned_ = true;
  return {};
}

Result<bool> KafkaTail::see(
    const rd_kafka_message_t& message, std::size_t& count,
    const std::function<bool(const LogRecord&)>& visit) {
  const auto partition = static_cast<std::uint32_t>(message.partition);
  auto& filter = filters_.at(partition);
  const auto voided = filter.voided();
  const auto record = filter.see(message);
  if (!record) return record.error();
  voided_ += filter.voided() - voided;
  if (record.value()) {
    if (!visit(*record.value())) {
      filter.expect(record.value()->sequence);
      return false;
    }
    ++count;
  } else if (put_aside_ && message.len == 0 && filter.voided() == voided) {
    for (const auto& [name, text] : kafka::headers_of(message)) {
      if (name == kafka::put_aside_header) put_aside_(text);
    }
  }
  offsets_[partition] = message.offset + 1;
  return true;
}

Result<void> KafkaTail::next(
    std::size_t most, milliseconds wait,
    const std::function<bool(const LogRecord&)>& visit) {
  if (!assigned_) {
    if (auto done = assign(); !done) return done;
  }
  const auto late = steady_clock::now() + wait;
  std::size_t count = 0;
  while (count < most && !over_) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(late - steady_clock::now());
    // What is there already comes at once; only the first is waited for.
    const auto longest =
        count > 0 ? milliseconds(0) : std::clamp(left, milliseconds(0), slice);
    const kafka::MessageHandle message(rd_kafka_consumer_poll(
        client_->handle(), static_cast<int>(longest.count())));
    if (!message) {
      if (count > 0 || left <= milliseconds(0)) return {};
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      const auto taken = see(*message, count, visit);
      if (taken && taken.value()) continue;
      assigned_ = false;
      if (!taken) return taken.error();
      return {};
    } else if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
               message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
      assigned_ = false;
      return Error{ErrorCode::corrupt,
                   topic_ +
                       " does not hold what it held before; was it "
                       "deleted, or its retention set?"};
    } else if (message->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
               message->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
      assigned_ = false;
      return client_->error("read " + topic_, message->err);
    }
  }
  return {};
}

}  // namespace understudy
