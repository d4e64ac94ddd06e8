#include "services/event_log/kafka_cursor.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "services/event_log/kafka_error.hpp"

namespace understudy::kafka {
namespace {

using std::chrono::steady_clock;

constexpr int poll_ms = 100;
constexpr int ask_ms = 10'000;
/// librdkafka goes on asking who led a partition when it began to.
constexpr int one_ask_ms = 2'000;
constexpr std::chrono::seconds patience{30};

const char* name_of(Isolation isolation) {
  return isolation == Isolation::read_committed ? "read_committed"
                                                : "read_uncommitted";
}

std::string place(const std::string& topic, std::uint32_t partition) {
  return "read " + topic + ' ' + std::to_string(partition);
}

}  // namespace

Result<std::unique_ptr<Cursor>> Cursor::make(const KafkaSettings& settings,
                                             const std::string& topic,
                                             std::uint32_t partition,
                                             Isolation isolation) {
  auto client = Client::make(
      RD_KAFKA_CONSUMER, settings,
      {// Never joined: librdkafka wants a name where offsets are assigned.
       {"group.id", settings.prefix + ".reader"},
       {"isolation.level", name_of(isolation)},
       {"enable.auto.commit", "false"},
       {"enable.auto.offset.store", "false"},
       {"enable.partition.eof", "true"},
       {"auto.offset.reset", "error"},
       {"fetch.wait.max.ms", "20"},
       {"check.crcs", "true"}});
  if (!client) return client.error();
  std::unique_ptr<Cursor> made(new Cursor(topic, partition));
  made->client_ = std::move(client).value();
  return made;
}

Cursor::~Cursor() = default;

Result<void> Cursor::seek(std::uint64_t offset) {
  kept_.reset();
  const PartitionsHandle list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(),
                                    static_cast<std::int32_t>(partition_))
      ->offset = static_cast<std::int64_t>(offset);
  const auto code = rd_kafka_assign(client_->handle(), list.get());
  position_ = offset;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return client_->error(place(topic_, partition_), code);
  return {};
}

/// What librdkafka would go on meeting for ever; nothing for what passes.
std::optional<Error> Cursor::final_error(
    const rd_kafka_message_t& message) const {
  switch (message.err) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return Error{ErrorCode::corrupt,
                   topic_ + ' ' + std::to_string(partition_) + ": offset " +
                       std::to_string(position_) +
                       " is not there any more; was the topic deleted, or "
                       "its retention set?"};
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return client_->error(place(topic_, partition_), message.err,
                            rd_kafka_message_errstr(&message));
    default:
      return std::nullopt;
  }
}

Result<MessageHandle> Cursor::next() {
  if (kept_) return std::move(kept_);
  const auto late = steady_clock::now() + patience;
  int last_code = RD_KAFKA_RESP_ERR__TIMED_OUT;
  std::string last_text;
  while (steady_clock::now() < late) {
    MessageHandle message(rd_kafka_consumer_poll(client_->handle(), poll_ms));
    if (!message) continue;
    switch (message->err) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
      case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        return message;
      default:
        if (auto wrong = final_error(*message)) return *wrong;
        last_code = message->err;
        last_text = rd_kafka_message_errstr(message.get());
    }
  }
  return client_->error(place(topic_, partition_), last_code, last_text);
}

Result<MessageHandle> Cursor::poll(std::chrono::milliseconds wait) {
  MessageHandle message =
      kept_ ? std::move(kept_)
            : MessageHandle(rd_kafka_consumer_poll(
                  client_->handle(), static_cast<int>(wait.count())));
  if (!message) return message;
  const auto offset = static_cast<std::uint64_t>(message->offset);
  switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      position_ = offset + 1;
      return message;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      position_ = std::max(position_, offset);
      return MessageHandle();
    default:
      if (auto wrong = final_error(*message)) return *wrong;
      return MessageHandle();
  }
}

Result<void> Cursor::read_to(std::uint64_t end, const Visitor& visit) {
  while (position_ < end) {
    auto got = next();
    if (!got) return got.error();
    MessageHandle message = std::move(got).value();
    const auto offset = static_cast<std::uint64_t>(message->offset);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      position_ = std::max(position_, offset);
      continue;
    }
    if (offset >= end) {
      position_ = end;
      kept_ = std::move(message);
      return {};
    }
    position_ = offset + 1;
    const auto answer = visit(*message);
    if (!answer) return answer.error();
    if (answer.value() == Visit::stop) return {};
  }
  return {};
}

Result<std::unique_ptr<OffsetAsker>> OffsetAsker::make(
    const KafkaSettings& settings, Isolation isolation) {
  auto client =
      Client::make(RD_KAFKA_CONSUMER, settings,
                   {{"group.id", settings.prefix + ".reader"},
                    {"isolation.level", name_of(isolation)},
                    // A request to a broker that is gone is waited for until
                    // this is over, whatever time the call was given.
                    {"socket.timeout.ms", "5000"},
                    {"enable.auto.commit", "false"}});
  if (!client) return client.error();
  return std::unique_ptr<OffsetAsker>(
      new OffsetAsker(std::move(client).value()));
}

Result<OffsetAsker::Range> OffsetAsker::ask(const std::string& topic,
                                            std::uint32_t partition) const {
  const auto first = find(topic, partition, RD_KAFKA_OFFSET_BEGINNING);
  if (!first) return first.error();
  const auto end = find(topic, partition, RD_KAFKA_OFFSET_END);
  if (!end) return end.error();
  return Range{first.value(), end.value()};
}

Result<std::uint64_t> OffsetAsker::stable_end(const std::string& topic,
                                              std::uint32_t partition) const {
  return find(topic, partition, RD_KAFKA_OFFSET_END);
}

/// Not `rd_kafka_query_watermark_offsets`: that one waits until a broker has
/// answered, whatever time it is given.
Result<std::uint64_t> OffsetAsker::find(const std::string& topic,
                                        std::uint32_t partition,
                                        std::int64_t which) const {
  const auto late = steady_clock::now() + std::chrono::milliseconds(ask_ms);
  while (true) {
    const PartitionsHandle list(rd_kafka_topic_partition_list_new(1));
    const auto* found = rd_kafka_topic_partition_list_add(
        list.get(), topic.c_str(), static_cast<std::int32_t>(partition));
    list->elems[0].offset = which;
    auto code =
        rd_kafka_offsets_for_times(client_->handle(), list.get(), one_ask_ms);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = found->err;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      if (found->offset >= 0) return static_cast<std::uint64_t>(found->offset);
      // The time ran out: it does not say so, and leaves what it was given.
      code = RD_KAFKA_RESP_ERR__TIMED_OUT;
    }
    // What it says too when it heard of no leader because no broker answers.
    const bool unknown = code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
    const bool passes = remedy_of(code) == Remedy::retry || unknown ||
                        code == RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (!passes || steady_clock::now() > late) {
      return client_->error(
          "find the end of " + topic + ' ' + std::to_string(partition), code);
    }
    // This client fetches nothing, so that nothing else tells it of a new
    // leader: it would go on asking the old one.
    const auto known = partitions(topic, one_ask_ms);
    if (unknown && !known) return known.error();
    std::this_thread::sleep_for(std::chrono::milliseconds(poll_ms));
  }
}

Result<std::uint32_t> OffsetAsker::partitions(const std::string& topic) const {
  return partitions(topic, ask_ms);
}

Result<std::uint32_t> OffsetAsker::partitions(const std::string& topic,
                                              int wait_ms) const {
  const TopicHandle handle(
      rd_kafka_topic_new(client_->handle(), topic.c_str(), nullptr));
  const struct rd_kafka_metadata* found = nullptr;
  const auto code =
      rd_kafka_metadata(client_->handle(), 0, handle.get(), &found, wait_ms);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return client_->error("ask for topic " + topic, code);
  const MetadataHandle metadata(found);
  const auto& topics = *metadata;
  if (topics.topic_cnt != 1 ||
      topics.topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return client_->error("use topic " + topic,
                          topics.topic_cnt == 1
                              ? topics.topics[0].err
                              : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  }
  return static_cast<std::uint32_t>(topics.topics[0].partition_cnt);
}

}  // namespace understudy::kafka
