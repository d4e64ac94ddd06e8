// The same recorded inputs give the same log, whichever adapter keeps it:
// commands, capacity and load of a scenario on virtual time, into the
// embedded log and into Kafka, compared byte by byte. Nothing is left out:
// instants, sequences, epochs and causes are the same as well.

#include <gtest/gtest.h>

#include "actors/runtime/verify.hpp"
#include "services/codec/record_codec.hpp"
#include "services/control/kafka_form.hpp"
#include "services/event_log/kafka_topics.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/simulation/simulation.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/support/kafka_broker.hpp"

namespace understudy::test {
namespace {

const KafkaBroker* const kafka = KafkaBroker::add();

constexpr std::uint64_t hours_s = 3600;

struct Story {
  const char* scenario;
  std::uint64_t duration_s;
  std::size_t least_records;  ///< Or the story has become an empty one.
};

void PrintTo(const Story& story, std::ostream* out) { *out << story.scenario; }

ScenarioDocument read(const Story& story) {
  auto document =
      read_scenario(std::string(UNDERSTUDY_SOURCE_DIR) + "/deploy/scenarios/" +
                    story.scenario + ".yaml");
  UNDERSTUDY_CHECK(document.ok());
  auto value = std::move(document).value();
  value.scenario.duration_s = story.duration_s;
  return value;
}

/// An adapter that can be closed and opened again.
class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual EventLog& open() = 0;
  virtual void close() = 0;
};

class Embedded final : public Adapter {
 public:
  EventLog& open() override {
    auto opened = LmdbLog::open_writer(directory_.path().string(), {});
    UNDERSTUDY_CHECK(opened.ok());
    log_ = std::move(opened).value();
    return *log_;
  }
  void close() override { log_.reset(); }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<EventLog> log_;
};

/// As a daemon writes it, with what everybody may read.
class OnKafka final : public Adapter {
 public:
  explicit OnKafka(const std::string& name) : codec_(make_record_codec()) {
    settings_.bootstrap = kafka->bootstrap();
    settings_.prefix = name;
    TopicsToMake wanted;
    wanted.partitions = 1;
    wanted.replication = 1;
    UNDERSTUDY_CHECK(create_topics(settings_, wanted).ok());
  }
  EventLog& open() override {
    KafkaLogOptions options;
    options.form = make_kafka_form(0, *codec_, window_);
    options.peek = peek_kafka_record;
    auto opened = KafkaLog::open_writer(settings_, 0, std::move(options));
    UNDERSTUDY_CHECK(opened.ok());
    log_ = std::move(opened).value();
    return *log_;
  }
  void close() override { log_.reset(); }

 private:
  KafkaSettings settings_;
  std::unique_ptr<RecordCodec> codec_;
  CommandWindow window_;
  std::unique_ptr<EventLog> log_;
};

using Kept = std::vector<std::byte>;

std::vector<Kept> all(const EventLog& log) {
  std::vector<Kept> found;
  const auto done = log.read(1, [&](const LogRecord& entry) {
    found.emplace_back(entry.bytes.begin(), entry.bytes.end());
    return Visit::next;
  });
  EXPECT_TRUE(done.ok()) << done.error().message;
  return found;
}

struct Told {
  SimulationResult result;
  std::vector<Kept> records;
  Verification verified;
};

/// Runs it, cut off after so many steps and taken up again by a new writer.
Told tell(const ScenarioDocument& document, Adapter& adapter,
          std::size_t cut_after) {
  SimulationOptions options;
  options.interrupted = [&] { return cut_after-- == 0; };
  const auto begun = simulate(document, adapter.open(), options);
  EXPECT_TRUE(begun.ok()) << begun.error().message;
  EXPECT_TRUE(begun.value().interrupted);
  adapter.close();
  Told told;
  EventLog& log = adapter.open();
  auto ended = simulate(document, log);
  EXPECT_TRUE(ended.ok()) << ended.error().message;
  told.result = std::move(ended).value();
  told.records = all(log);
  const auto codec = make_record_codec();
  auto verified = verify(log, *codec);
  EXPECT_TRUE(verified.ok()) << verified.error().message;
  told.verified = std::move(verified).value();
  adapter.close();
  return told;
}

class SameEvents : public testing::TestWithParam<Story> {};

TEST_P(SameEvents, whichever_log_keeps_them) {
  const auto document = read(GetParam());
  Embedded embedded;
  OnKafka on_kafka(std::string("same-") + GetParam().scenario);
  const Told one = tell(document, embedded, 200);
  const Told two = tell(document, on_kafka, 200);
  EXPECT_GT(one.records.size(), GetParam().least_records);
  ASSERT_EQ(one.records.size(), two.records.size());
  for (std::size_t at = 0; at < one.records.size(); ++at)
    ASSERT_TRUE(one.records[at] == two.records[at]) << "sequence " << at + 1;
  EXPECT_EQ(one.result.digest, two.result.digest);
  EXPECT_EQ(one.result.resumed_from, two.result.resumed_from);
  EXPECT_GT(one.result.resumed_from, 0U);
  for (const Told* told : {&one, &two}) {
    EXPECT_TRUE(told->verified.ok());
    EXPECT_EQ(told->verified.digest, told->result.digest);
    EXPECT_EQ(told->verified.not_verifiable, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(scenarios, SameEvents,
                         testing::Values(Story{"main", 12 * hours_s, 200},
                                         Story{"scarce", 6 * hours_s, 200}),
                         [](const auto& story) {
                           return std::string(story.param.scenario);
                         });

}  // namespace
}  // namespace understudy::test
