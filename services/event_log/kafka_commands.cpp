#include "services/event_log/kafka_commands.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace understudy {
namespace {

using std::chrono::milliseconds;

std::optional<std::string_view> text_of(const void* bytes, std::size_t size) {
  if (bytes == nullptr) return std::nullopt;
  return std::string_view(static_cast<const char*>(bytes), size);
}

/// What became of one published message.
struct Delivery {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<rd_kafka_resp_err_t> code;
};

constexpr int delivery_ms = 30'000;
constexpr int poll_ms = 50;

}  // namespace

std::string_view KafkaMessage::header(std::string_view name) const {
  std::string_view found;
  for (const auto& [one, text] : headers) {
    if (one == name) found = text;
  }
  return found;
}

Result<std::unique_ptr<CommandSource>> CommandSource::open(
    const KafkaSettings& settings, std::uint32_t partition,
    std::uint64_t offset) {
  std::unique_ptr<CommandSource> made(new CommandSource());
  made->topic_ = settings.topic("commands");
  made->partition_ = partition;
  auto asker = kafka::OffsetAsker::make(settings);
  if (!asker) return asker.error();
  made->asker_ = std::move(asker).value();
  const auto range = made->asker_->ask(made->topic_, partition);
  if (!range) return range.error();
  if (offset > range.value().stable_end) {
    return Error{ErrorCode::corrupt,
                 made->topic_ + ' ' + std::to_string(partition) +
                     " ends at Kafka offset " +
                     std::to_string(range.value().stable_end) +
                     ", the journal has dealt with commands up to " +
                     std::to_string(offset) +
                     ": was the topic deleted and made again? accepted: the "
                     "topics as they were, or new ones for all of them"};
  }
  auto cursor = kafka::Cursor::make(settings, made->topic_, partition);
  if (!cursor) return cursor.error();
  made->cursor_ = std::move(cursor).value();
  if (auto there = made->cursor_->seek(std::max(offset, range.value().first));
      !there)
    return there.error();
  return made;
}

Result<void> CommandSource::next(
    std::size_t most, milliseconds wait,
    const std::function<void(const KafkaMessage&)>& visit) {
  for (std::size_t count = 0; count < most;) {
    const auto got = cursor_->poll(count == 0 ? wait : milliseconds(0));
    if (!got) return got.error();
    if (!got.value()) return {};
    const rd_kafka_message_t& one = *got.value();
    ++count;
    visit({static_cast<std::uint64_t>(one.offset),
           text_of(one.key, one.key_len), text_of(one.payload, one.len),
           kafka::headers_of(one)});
  }
  return {};
}

Result<std::uint64_t> CommandSource::lag() const {
  const auto end = asker_->stable_end(topic_, partition_);
  if (!end) return end.error();
  return end.value() - std::min(end.value(), cursor_->position());
}

Result<std::unique_ptr<CommandPublisher>> CommandPublisher::open(
    const KafkaSettings& settings) {
  std::unique_ptr<CommandPublisher> made(new CommandPublisher());
  made->topic_ = settings.topic("commands");
  kafka::ClientCalls calls;
  calls.delivered = [](const rd_kafka_message_t& message) {
    // Shared with the one who waits, who may have given up.
    const std::unique_ptr<std::shared_ptr<Delivery>> delivery(
        static_cast<std::shared_ptr<Delivery>*>(message._private));
    {
      const std::lock_guard lock((*delivery)->mutex);
      (*delivery)->code = message.err;
    }
    (*delivery)->changed.notify_all();
  };
  auto client = kafka::Client::make(RD_KAFKA_PRODUCER, settings,
                                    {{"enable.idempotence", "true"},
                                     {"linger.ms", "2"},
                                     {"message.timeout.ms", "20000"},
                                     {"message.max.bytes", "8000000"}},
                                    std::move(calls));
  if (!client) return client.error();
  made->client_ = std::move(client).value();
  made->thread_ = std::thread([publisher = made.get()] {
    while (!publisher->over_)
      rd_kafka_poll(publisher->client_->handle(), poll_ms);
  });
  return made;
}

CommandPublisher::~CommandPublisher() {
  if (!client_) return;
  over_ = true;
  if (thread_.joinable()) thread_.join();
  rd_kafka_purge(client_->handle(),
                 RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(client_->handle(), poll_ms);
}

Result<void> CommandPublisher::publish(std::uint32_t partition,
                                       std::string_view key,
                                       std::string_view value,
                                       const kafka::TextHeaders& headers) {
  auto delivery = std::make_shared<Delivery>();
  auto opaque = std::make_unique<std::shared_ptr<Delivery>>(delivery);
  kafka::HeadersHandle list = kafka::to_headers(headers);
  rd_kafka_vu_t fields[] = {
      {RD_KAFKA_VTYPE_TOPIC, {.cstr = topic_.c_str()}},
      {RD_KAFKA_VTYPE_PARTITION, {.i32 = static_cast<std::int32_t>(partition)}},
      {RD_KAFKA_VTYPE_MSGFLAGS, {.i = RD_KAFKA_MSG_F_COPY}},
      {RD_KAFKA_VTYPE_KEY,
       {.mem = {const_cast<char*>(key.data()), key.size()}}},
      {RD_KAFKA_VTYPE_VALUE,
       {.mem = {const_cast<char*>(value.data()), value.size()}}},
      {RD_KAFKA_VTYPE_HEADERS, {.headers = list.get()}},
      {RD_KAFKA_VTYPE_OPAQUE, {.ptr = opaque.get()}},
  };
  const kafka::ErrorHandle failed(
      rd_kafka_produceva(client_->handle(), fields, std::size(fields)));
  if (failed) {
    return client_->error("send to " + topic_,
                          rd_kafka_error_code(failed.get()),
                          rd_kafka_error_string(failed.get()));
  }
  (void)list.release();
  (void)opaque.release();
  std::unique_lock lock(delivery->mutex);
  delivery->changed.wait_for(lock, milliseconds(delivery_ms),
                             [&] { return delivery->code.has_value(); });
  const auto code = delivery->code.value_or(RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return client_->error("send to " + topic_, code);
  return {};
}

}  // namespace understudy
