#include <filesystem>
#include <string>

#include <gmock/gmock.h>

#include "services/config/scenario_document.hpp"

namespace understudy {
namespace {

const std::string scenarios =
    std::string(UNDERSTUDY_SOURCE_DIR) + "/deploy/scenarios/";

Offering h100(const std::string& zone) {
  return {"a3-highgpu-1g", zone, Market::spot};
}

/// Thousandths of the time at which a zone had room for `least` or more.
std::int64_t open_milli(const CapacityTrace& trace, const std::string& zone,
                        std::uint32_t least) {
  const auto& steps = trace.steps(h100(zone));
  std::int64_t open_us = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Instant until =
        i + 1 < steps.size() ? steps[i + 1].from : trace.end();
    if (steps[i].capacity >= least) open_us += until.us - steps[i].from.us;
  }
  return open_us * 1000 / (trace.end().us - trace.start().us);
}

TEST(RecordedData, Capacity_has_the_shape_of_the_recording) {
  const std::string path = scenarios + "data/gcp_h100.capacity";
  const auto read = CapacityTrace::read(path);
  ASSERT_TRUE(read.ok()) << read.error().message;
  const CapacityTrace& trace = read.value();
  EXPECT_EQ(to_string(trace.start()), "2025-10-04T00:10:00.000Z");
  EXPECT_EQ(to_string(trace.end()), "2025-10-18T16:30:00.000Z");
  ASSERT_EQ(trace.offerings().size(), 13U);
  std::size_t changes = 0;
  for (const Offering& offering : trace.offerings()) {
    EXPECT_EQ(offering, h100(offering.zone));
    const auto& steps = trace.steps(offering);
    changes += steps.size();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      EXPECT_LE(steps[i].capacity, 16U);
      EXPECT_EQ((steps[i].from.us - trace.start().us) % 600'000'000, 0);
      if (i > 0) {
        EXPECT_NE(steps[i].capacity, steps[i - 1].capacity);
      }
    }
  }
  EXPECT_EQ(changes, 7609U);
  EXPECT_NEAR(static_cast<double>(open_milli(trace, "us-west1-b", 1)), 242, 6);
  EXPECT_NEAR(static_cast<double>(open_milli(trace, "us-west1-a", 1)), 586, 6);
  EXPECT_GE(open_milli(trace, "asia-south2-b", 1), 999);
  EXPECT_LT(std::filesystem::file_size(path), 150'000U);
}

TEST(RecordedData, Load_has_the_shape_of_the_recording) {
  const auto read = LoadTrace::read(scenarios + "data/m_large.load");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const LoadTrace& trace = read.value();
  EXPECT_EQ(trace.steps(), 2016U);
  EXPECT_EQ(trace.step_s(), 600U);
  std::int64_t least = trace.rate_milli(trace.start());
  std::int64_t most = least;
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < 2016; ++i) {
    const auto rate = trace.rate_milli(after_ms(trace.start(), i * 600'000));
    least = std::min(least, rate);
    most = std::max(most, rate);
    sum += rate;
  }
  EXPECT_EQ(least, 48'352);
  EXPECT_EQ(most, 582'992);
  EXPECT_EQ(sum / 2016, 195'843);
}

TEST(RecordedData, The_scenarios_are_right) {
  for (const std::string name : {"main", "scarce"}) {
    const auto read = read_scenario(scenarios + name + ".yaml");
    ASSERT_TRUE(read.ok()) << read.error().message;
    const ScenarioDocument& document = read.value();
    EXPECT_EQ(document.scenario.name, name);
    EXPECT_EQ(document.scenario.duration_s, 1'268'400U);
    EXPECT_EQ(document.loads.size(), 1U);
    EXPECT_EQ(document.loads[0].start(), document.capacity.start());
  }
}

TEST(RecordedData, Licence_and_source_are_kept) {
  const std::filesystem::path folder = scenarios + "data";
  for (const char* name : {"NOTICE", "README.md", "extract"})
    EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
}

}  // namespace
}  // namespace understudy
