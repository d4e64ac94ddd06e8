// Runs of the whole system against the recorded capacity and load.

#include "services/simulation/simulation.hpp"

#include <gtest/gtest.h>

#include "actors/runtime/verify.hpp"
#include "services/codec/record_codec.hpp"
#include "tests/support/memory_log.hpp"

namespace understudy {
namespace {

constexpr std::uint64_t day_s = 86'400;

ScenarioDocument scenario(const std::string& name, std::uint64_t days) {
  auto document = read_scenario(std::string(UNDERSTUDY_SOURCE_DIR) +
                                "/deploy/scenarios/" + name + ".yaml");
  UNDERSTUDY_CHECK(document.ok());
  auto value = std::move(document).value();
  value.scenario.duration_s = days * day_s;
  return value;
}

SimulationResult run(const ScenarioDocument& document, EventLog& log,
                     const SimulationOptions& options = {}) {
  auto result = simulate(document, log, options);
  UNDERSTUDY_CHECK(result.ok());
  return std::move(result).value();
}

std::vector<Record> records_without_epoch(const EventLog& log) {
  const auto codec = make_record_codec();
  std::vector<Record> all;
  const auto read = log.read(1, [&](const LogRecord& entry) {
    auto record = codec->decode(entry.bytes);
    UNDERSTUDY_CHECK(record.ok());
    all.push_back(std::move(record).value());
    all.back().epoch = 0;
    return Visit::next;
  });
  UNDERSTUDY_CHECK(read.ok());
  return all;
}

class EachScenario : public testing::TestWithParam<const char*> {};

TEST_P(EachScenario, repeats_byte_for_byte_and_differs_by_seed) {
  auto document = scenario(GetParam(), 2);
  MemoryLog once;
  MemoryLog again;
  MemoryLog other;
  const auto first = run(document, once);
  const auto second = run(document, again);
  EXPECT_GT(once.all().size(), 300U);
  EXPECT_TRUE(once.all() == again.all());
  EXPECT_EQ(first.digest, second.digest);
  document.scenario.seed += 1;
  run(document, other);
  EXPECT_FALSE(once.all() == other.all());
}

TEST_P(EachScenario, every_decision_is_verified) {
  const auto document = scenario(GetParam(), 15);
  MemoryLog log;
  const auto result = run(document, log);
  const auto codec = make_record_codec();
  const auto verified = verify(log, *codec);
  ASSERT_TRUE(verified.ok()) << verified.error().message;
  EXPECT_TRUE(verified.value().ok());
  EXPECT_EQ(verified.value().not_verifiable, 0U);
  EXPECT_EQ(verified.value().digest, result.digest);
  EXPECT_EQ(verified.value().records, log.all().size());
}

TEST_P(EachScenario, goes_on_from_a_crash_to_the_same_end) {
  const auto document = scenario(GetParam(), 2);
  MemoryLog whole;
  const auto expected_end = run(document, whole);
  const auto expected = records_without_epoch(whole);
  const auto ends = whole.batch_ends();
  for (std::size_t i = 0; i < ends.size(); i += 1 + ends.size() / 60) {
    const auto log = whole.prefix(ends[i]);
    const auto end = run(document, *log);
    ASSERT_EQ(end.resumed_from, ends[i]);
    ASSERT_EQ(end.digest, expected_end.digest) << "cut after " << ends[i];
    ASSERT_TRUE(records_without_epoch(*log) == expected)
        << "cut after " << ends[i];
    ASSERT_EQ(end.loads.at("primary").served_milli,
              expected_end.loads.at("primary").served_milli);
  }
}

TEST_P(EachScenario, an_interrupted_run_is_finished_later) {
  const auto document = scenario(GetParam(), 2);
  MemoryLog whole;
  const auto expected = run(document, whole);
  MemoryLog first;
  int steps = 0;
  SimulationOptions options;
  options.interrupted = [&] { return ++steps == 500; };
  EXPECT_TRUE(run(document, first, options).interrupted);
  const auto log = first.prefix(first.all().size());
  EXPECT_EQ(run(document, *log).digest, expected.digest);
  EXPECT_EQ(log->all().size(), whole.all().size());
}

TEST_P(EachScenario, a_finished_run_has_nothing_to_add) {
  const auto document = scenario(GetParam(), 1);
  MemoryLog whole;
  const auto expected = run(document, whole);
  const auto log = whole.prefix(whole.all().size());
  EXPECT_EQ(run(document, *log).digest, expected.digest);
  EXPECT_EQ(log->all().size(), whole.all().size());
}

INSTANTIATE_TEST_SUITE_P(Scenarios, EachScenario,
                         testing::Values("main", "scarce"),
                         [](const auto& one) { return one.param; });

/// The log with one decided number altered and its checksum made good.
TEST(Verify, finds_one_altered_number_and_says_where) {
  const auto document = scenario("main", 1);
  MemoryLog log;
  run(document, log);
  const auto codec = make_record_codec();
  std::uint64_t altered = 0;
  const auto read = log.read(1, [&](const LogRecord& entry) {
    auto record = codec->decode(entry.bytes).value();
    auto* event = std::get_if<endpoint::InstanceRequested>(&record.event);
    if (event == nullptr || entry.sequence < 40) return Visit::next;
    event->count += 1;
    std::vector<std::byte> bytes;
    codec->encode(record, bytes);
    altered = entry.sequence;
    log.replace(altered, std::move(bytes));
    return Visit::stop;
  });
  ASSERT_TRUE(read.ok());
  ASSERT_GT(altered, 0U);
  const auto verified = verify(log, *codec);
  ASSERT_TRUE(verified.ok());
  ASSERT_FALSE(verified.value().ok());
  const Difference& first = verified.value().differences.front();
  EXPECT_EQ(first.position.offset, altered);
  EXPECT_EQ(first.stream.text, "endpoint/" + document.scenario.endpoint.name);
  const auto recorded =
      std::get<endpoint::InstanceRequested>(first.recorded.at(first.part));
  const auto decided =
      std::get<endpoint::InstanceRequested>(first.decided.at(first.part));
  EXPECT_EQ(recorded.count, decided.count + 1);
}

}  // namespace
}  // namespace understudy
