#include <array>

#include "services/event_log/kafka_load.hpp"

namespace understudy {
namespace {

constexpr int poll_ms = 50;
/// Whoever reads has no use for older ones.
constexpr const char* longest_ms = "3000";
constexpr std::chrono::milliseconds last_moment{2'000};

}  // namespace

LoadTopicWriter::LoadTopicWriter(const KafkaSettings& settings)
    : settings_(settings), topic_(settings.topic("load")) {}

Result<std::unique_ptr<LoadTopicWriter>> LoadTopicWriter::open(
    const KafkaSettings& settings) {
  std::unique_ptr<LoadTopicWriter> made(new LoadTopicWriter(settings));
  if (auto client = made->make_client(); !client) return client.error();
  made->thread_ = std::thread([writer = made.get()] { writer->run(); });
  return made;
}

Result<void> LoadTopicWriter::make_client() {
  kafka::ClientCalls calls;
  calls.delivered = [this](const rd_kafka_message_t& message) {
    delivered(message);
  };
  auto client = kafka::Client::make(RD_KAFKA_PRODUCER, settings_,
                                    {{"enable.idempotence", "true"},
                                     {"linger.ms", "5"},
                                     {"message.timeout.ms", longest_ms},
                                     // The endpoint's home, as in all topics.
                                     {"partitioner", "murmur2_random"}},
                                    std::move(calls));
  if (!client) return client.error();
  client_ = std::move(client).value();
  return {};
}

LoadTopicWriter::~LoadTopicWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  if (!client_) return;
  rd_kafka_purge(client_->handle(),
                 RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(client_->handle(), poll_ms);
}

void LoadTopicWriter::send(const std::string& sender,
                           LoadTopicMessages messages) {
  const std::lock_guard lock(mutex_);
  waiting_[sender] = std::move(messages);
}

std::optional<std::string> LoadTopicWriter::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void LoadTopicWriter::failed(int code, const std::string& text) {
  const Error error = client_->error("send to " + topic_, code, text);
  const std::lock_guard lock(mutex_);
  if (!round_trouble_) round_trouble_ = error.message;
  // Said at once: the round may have more to wait for.
  trouble_ = round_trouble_;
}

void LoadTopicWriter::delivered(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) failed(message.err);
  const std::lock_guard lock(mutex_);
  --under_way_;
  if (under_way_ == 0) trouble_ = round_trouble_;
}

void LoadTopicWriter::produce(const LoadTopicMessages& messages) {
  for (const auto& [key, value] : messages) {
    rd_kafka_vu_t fields[] = {
        {RD_KAFKA_VTYPE_TOPIC, {.cstr = topic_.c_str()}},
        {RD_KAFKA_VTYPE_MSGFLAGS, {.i = RD_KAFKA_MSG_F_COPY}},
        {RD_KAFKA_VTYPE_KEY,
         {.mem = {const_cast<char*>(key.data()), key.size()}}},
        {RD_KAFKA_VTYPE_VALUE,
         {.mem = {const_cast<char*>(value.data()), value.size()}}},
    };
    {
      const std::lock_guard lock(mutex_);
      ++under_way_;
    }
    const kafka::ErrorHandle refused(
        rd_kafka_produceva(client_->handle(), fields, std::size(fields)));
    if (!refused) continue;
    failed(rd_kafka_error_code(refused.get()),
           rd_kafka_error_string(refused.get()));
    const std::lock_guard lock(mutex_);
    --under_way_;
  }
}

void LoadTopicWriter::run() {
  auto late = std::chrono::steady_clock::time_point::max();
  while (true) {
    std::map<std::string, LoadTopicMessages> round;
    {
      const std::lock_guard lock(mutex_);
      const auto now = std::chrono::steady_clock::now();
      if (stopping_ && late > now + last_moment) late = now + last_moment;
      const bool idle = under_way_ == 0;
      if (stopping_ && ((idle && waiting_.empty()) || now > late)) return;
      if (idle) {
        round.swap(waiting_);
        if (!round.empty()) round_trouble_.reset();
      }
    }
    std::array<char, 256> text{};
    if (!round.empty() &&
        rd_kafka_fatal_error(client_->handle(), text.data(), text.size())) {
      // It takes nothing any more. What cannot be made anew was made before.
      (void)make_client();
    }
    for (const auto& [sender, messages] : round)
      produce(messages);
    rd_kafka_poll(client_->handle(), poll_ms);
  }
}

}  // namespace understudy
