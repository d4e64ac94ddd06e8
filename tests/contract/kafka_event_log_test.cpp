#include <cstdlib>
#include "services/event_log/kafka_client.hpp"
#include "services/event_log/kafka_log.hpp"
#include "tests/contract/event_log_contract.hpp"

namespace understudy::test {
namespace {
void create_topics(const KafkaSettings& s) {
  auto client = kafka::Client::make(RD_KAFKA_PRODUCER, s, {});
  auto* rk = client.value()->handle();
  rd_kafka_queue_t* q = rd_kafka_queue_new(rk);
  std::vector<rd_kafka_NewTopic_t*> all;
  char err[256];
  for (const char* t : {"journal", "events", "snapshots"}) {
    auto* n = rd_kafka_NewTopic_new(s.topic(t).c_str(), 1, 1, err, 256);
    rd_kafka_NewTopic_set_config(n, "max.message.bytes", "8000000");
    if (std::string(t) == "snapshots") rd_kafka_NewTopic_set_config(n, "cleanup.policy", "compact");
    all.push_back(n);
  }
  rd_kafka_CreateTopics(rk, all.data(), all.size(), nullptr, q);
  auto* ev = rd_kafka_queue_poll(q, 10000);
  if (rd_kafka_event_error(ev)) throw std::runtime_error(rd_kafka_event_error_string(ev));
  rd_kafka_event_destroy(ev);
  for (auto* n : all) rd_kafka_NewTopic_destroy(n);
  rd_kafka_queue_destroy(q);
}

class KafkaUnderTest final : public LogUnderTest {
 public:
  KafkaUnderTest() {
    static int n = 0;
    settings_.bootstrap = std::getenv("KAFKA_DEV");
    settings_.prefix = "t" + std::to_string(getpid()) + "-" + std::to_string(++n);
    create_topics(settings_);
  }
  Result<std::unique_ptr<EventLog>> open_writer() override {
    return as_port(KafkaLog::open_writer(settings_, 0));
  }
  Result<std::unique_ptr<EventLog>> open_reader() override {
    return as_port(KafkaLog::open_reader(settings_, 0));
  }

 private:
  static Result<std::unique_ptr<EventLog>> as_port(
      Result<std::unique_ptr<KafkaLog>> opened) {
    if (!opened) return opened.error();
    return std::unique_ptr<EventLog>(std::move(opened).value());
  }
  KafkaSettings settings_;
};

INSTANTIATE_TEST_SUITE_P(
    kafka, EventLogContract,
    testing::Values(LogMaker{
        "broker", [] { return std::make_unique<KafkaUnderTest>(); }}),
    testing::PrintToStringParamName());

}  // namespace
}  // namespace understudy::test
