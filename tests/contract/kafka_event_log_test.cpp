#include <atomic>
#include <stdexcept>

#include "services/event_log/kafka_log.hpp"
#include "services/event_log/kafka_topics.hpp"
#include "tests/contract/event_log_contract.hpp"
#include "tests/support/kafka_broker.hpp"

namespace understudy::test {
namespace {

const KafkaBroker* const kafka = KafkaBroker::add();

class KafkaUnderTest final : public LogUnderTest {
 public:
  KafkaUnderTest() {
    static std::atomic<int> made = 0;
    settings_.bootstrap = kafka->bootstrap();
    settings_.prefix = "contract-" + std::to_string(++made);
    TopicsToMake wanted;
    wanted.partitions = 1;
    wanted.replication = 1;
    if (const auto topics = create_topics(settings_, wanted); !topics)
      throw std::runtime_error(topics.error().message);
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
