#include "services/event_log/kafka_producer.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "services/event_log/kafka_error.hpp"

namespace understudy::kafka {
namespace {

using std::chrono::steady_clock;

constexpr int init_ms = 30'000;
/// librdkafka repeats the end of a transaction that was not answered in
/// time, unseen. Giving up before that is the only way to know of it.
constexpr int commit_ms = 8'000;
constexpr const char* request_ms = "10000";  // No more is accepted.
constexpr int metadata_ms = 10'000;
constexpr std::chrono::milliseconds full_queue_pause{1};

}  // namespace

HeadersHandle to_headers(const TextHeaders& texts) {
  HeadersHandle headers(rd_kafka_headers_new(texts.size()));
  for (const auto& [name, value] : texts) {
    rd_kafka_header_add(headers.get(), name.c_str(),
                        static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  return headers;
}

TextHeaders headers_of(const rd_kafka_message_t& message) {
  TextHeaders all;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) !=
      RD_KAFKA_RESP_ERR_NO_ERROR)
    return all;
  const char* name = nullptr;
  const void* bytes = nullptr;
  std::size_t size = 0;
  for (std::size_t at = 0;
       rd_kafka_header_get_all(headers, at, &name, &bytes, &size) ==
       RD_KAFKA_RESP_ERR_NO_ERROR;
       ++at) {
    all.emplace_back(name, std::string(static_cast<const char*>(bytes), size));
  }
  return all;
}

Result<std::unique_ptr<Producer>> Producer::open(
    const KafkaSettings& settings, const std::string& transactional_id,
    const std::vector<std::string>& topics) {
  std::unique_ptr<Producer> made(new Producer());
  ClientCalls calls;
  calls.delivered = [producer = made.get()](const rd_kafka_message_t& one) {
    producer->delivered(one);
  };
  // A transaction that outlives its time-out ends like one that was fenced;
  // a reader waits behind an open one for as long.
  auto client = Client::make(RD_KAFKA_PRODUCER, settings,
                             {{"transactional.id", transactional_id},
                              {"transaction.timeout.ms", "300000"},
                              {"message.timeout.ms", "10000"},
                              {"socket.timeout.ms", request_ms},
                              {"linger.ms", "5"},
                              {"retry.backoff.ms", "20"},
                              {"message.max.bytes", "8000000"},
                              {"partitioner", "murmur2_random"}},
                             std::move(calls));
  if (!client) return client.error();
  made->client_ = std::move(client).value();
  rd_kafka_t* handle = made->client_->handle();
  for (const auto& topic : topics) {
    const TopicHandle asked(rd_kafka_topic_new(handle, topic.c_str(), nullptr));
    const struct rd_kafka_metadata* found = nullptr;
    const auto code =
        rd_kafka_metadata(handle, 0, asked.get(), &found, metadata_ms);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
      return made->client_->error("ask for topic " + topic, code);
    const MetadataHandle metadata(found);
    const auto wrong = metadata->topics[0].err;
    if (wrong != RD_KAFKA_RESP_ERR_NO_ERROR)
      return made->client_->error("use topic " + topic, wrong);
  }
  const auto late = steady_clock::now() + std::chrono::milliseconds(init_ms);
  while (true) {
    const ErrorHandle error(rd_kafka_init_transactions(handle, init_ms));
    if (!error) return made;
    if (!rd_kafka_error_is_retriable(error.get()) ||
        steady_clock::now() >= late)
      return made->client_->error("take over as " + transactional_id,
                                  rd_kafka_error_code(error.get()),
                                  rd_kafka_error_string(error.get()));
  }
}

Producer::~Producer() {
  if (!client_) return;
  // Else destroying it waits for what can no longer be sent.
  rd_kafka_purge(client_->handle(),
                 RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_poll(client_->handle(), 0);
}

void Producer::delivered(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (delivery_error_ == 0) delivery_error_ = message.err;
    return;
  }
  const char* topic = rd_kafka_topic_name(message.rkt);
  for (auto& [name, offset] : offsets_) {
    if (name == topic) {
      offset = std::max(offset, message.offset);
      return;
    }
  }
  offsets_.emplace_back(topic, message.offset);
}

Error Producer::failed(std::string_view doing, rd_kafka_error_t* error) {
  const ErrorHandle owned(error);
  const int code = rd_kafka_error_code(error);
  // Why the messages could not be stored says more than that they were not.
  if (delivery_error_ != 0 && code == RD_KAFKA_RESP_ERR__INCONSISTENT)
    return client_->error(doing, delivery_error_);
  return client_->error(doing, code, rd_kafka_error_string(error));
}

Result<void> Producer::begin() {
  for (auto& [name, offset] : offsets_)
    offset = -1;
  delivery_error_ = 0;
  losses_ = client_->losses();
  rd_kafka_error_t* error = rd_kafka_begin_transaction(client_->handle());
  if (error != nullptr) return failed("begin a transaction", error);
  return {};
}

Result<void> Producer::send(const Outgoing& message) {
  while (true) {
    HeadersHandle headers = to_headers(message.headers);
    rd_kafka_error_t* error = nullptr;
    rd_kafka_vu_t fields[] = {
        {RD_KAFKA_VTYPE_TOPIC, {.cstr = message.topic.c_str()}},
        {RD_KAFKA_VTYPE_PARTITION, {.i32 = message.partition}},
        {RD_KAFKA_VTYPE_MSGFLAGS, {.i = RD_KAFKA_MSG_F_COPY}},
        {RD_KAFKA_VTYPE_KEY,
         {.mem = {const_cast<char*>(message.key.data()), message.key.size()}}},
        {RD_KAFKA_VTYPE_VALUE,
         {.mem = {const_cast<std::byte*>(message.value.data()),
                  message.value.size()}}},
        {RD_KAFKA_VTYPE_HEADERS, {.headers = headers.get()}},
    };
    error = rd_kafka_produceva(client_->handle(), fields, std::size(fields));
    if (error == nullptr) {
      (void)headers.release();  // librdkafka's now.
      return {};
    }
    if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      return failed("send to " + message.topic, error);
    rd_kafka_error_destroy(error);
    rd_kafka_poll(client_->handle(), 1);
    std::this_thread::sleep_for(full_queue_pause);
  }
}

Result<void> Producer::commit() {
  rd_kafka_error_t* error =
      rd_kafka_commit_transaction(client_->handle(), commit_ms);
  if (error != nullptr) return failed("commit", error);
  return {};
}

std::int64_t Producer::last_offset(const std::string& topic) const {
  for (const auto& [name, offset] : offsets_) {
    if (name == topic) return offset;
  }
  return -1;
}

void Producer::serve() { rd_kafka_poll(client_->handle(), 0); }

}  // namespace understudy::kafka
