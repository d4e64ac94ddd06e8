#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "services/event_log/kafka_cursor.hpp"
#include "services/event_log/kafka_topics.hpp"
#include "tests/support/kafka_broker.hpp"

namespace understudy {
namespace {

using std::chrono::seconds;

const KafkaBroker* const broker = KafkaBroker::add();
/// It gives up within some seconds; a machine may be busy.
constexpr seconds long_enough{60};

class KafkaAsking : public testing::Test {
 protected:
  void SetUp() override {
    broker->restart();
    TopicsToMake wanted;
    wanted.partitions = 1;
    ASSERT_TRUE(create_topics(settings, wanted));
    auto made = kafka::OffsetAsker::make(settings);
    ASSERT_TRUE(made) << made.error().message;
    asker = std::move(made).value();
  }
  void TearDown() override {
    // Whatever waits for it still ends when it is back.
    stopping = true;
    broker->resume(1);
    broker->restart();
    if (told.valid()) told.wait();
  }

  /// Asks on and on, until there is no answer.
  void ask_on() {
    told = std::async(std::launch::async, [this] {
      while (!stopping && asker->ask(settings.topic("journal"), 0))
        ++answers;
    });
    while (answers < 50)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  [[nodiscard]] bool given_up() const {
    return told.wait_for(long_enough) == std::future_status::ready;
  }

  const KafkaSettings settings{broker->bootstrap(), "asking", {}};
  std::unique_ptr<kafka::OffsetAsker> asker;
  std::atomic<int> answers = 0;
  std::atomic<bool> stopping = false;
  std::future<void> told;
};

TEST_F(KafkaAsking, ends_are_what_they_are) {
  const auto range = asker->ask(settings.topic("journal"), 0);
  ASSERT_TRUE(range) << range.error().message;
  EXPECT_EQ(range.value().first, 0U);
  EXPECT_EQ(range.value().stable_end, 0U);
  const auto wrong = asker->ask(settings.topic("journal"), 7);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::not_found) << wrong.error().message;
}

TEST_F(KafkaAsking, a_broker_that_dies_is_given_up) {
  ask_on();
  broker->kill_node(1);
  EXPECT_TRUE(given_up());
}

TEST_F(KafkaAsking, a_broker_that_stands_still_is_given_up) {
  ask_on();
  broker->freeze(1);
  EXPECT_TRUE(given_up());
}

}  // namespace
}  // namespace understudy
