#include "services/load/gateway_load.hpp"

#include <gtest/gtest.h>

#include "services/clock/virtual_clock.hpp"

namespace understudy {
namespace {

constexpr Instant start{1'767'225'600'000'000};
/// So long before it was begun to listen.
constexpr std::int64_t settled_ms = 3'000;

class GatewayLoadTest : public ::testing::Test {
 protected:
  GatewayLoadTest() {
    clock.advance_to(start);
    PoolSpec pool;
    pool.name = "pool";
    pool.max_concurrency = 4;
    VariantSpec variant;
    variant.initial_count = 1;
    variant.pools = {pool};
    see(StreamId::endpoint("chat"),
        endpoint::EndpointCreated{"c", {"chat", {variant}}});
    load.start("chat", "primary", 10'000,
               [this](const LoadFacts& facts) { windows.push_back(facts); });
  }

  void see(const StreamId& stream, AnyEvent event) {
    Record record;
    record.stream = stream;
    record.event = std::move(event);
    load.see(record);
  }

  static StreamId instance(std::uint32_t number) {
    return StreamId::instance("chat", InstanceId::make({number}, 1, 0));
  }

  void ready(std::uint32_t number) {
    instance::InstanceRegistered born;
    born.variant = "primary";
    born.pool = "pool";
    born.max_concurrency = 4;
    see(instance(number), born);
    see(instance(number), instance::InstanceReady{});
  }

  void drain(std::uint32_t number) {
    see(instance(number), instance::InstanceDraining{});
  }

  void scale(std::uint32_t to) {
    endpoint::ScaleIn in;
    in.variant = "primary";
    in.to = to;
    see(StreamId::endpoint("chat"), in);
  }

  struct Told {
    std::uint32_t in_flight = 0;
    std::uint32_t queued = 0;
    bool draining = false;
    std::uint32_t number = 1;
  };
  void report(const std::string& gateway, const Told& told) {
    ReportedInstance one;
    one.instance = std::string(instance(told.number).part(1));
    one.in_flight = told.in_flight;
    one.draining = told.draining;
    EXPECT_TRUE(
        load.report({gateway, false, {{"chat", told.queued, {one}}}}).ok());
  }

  /// Runs to `s` seconds after the start, with a report each second.
  void run_to(int s, const std::string& gateway, const Told& told) {
    while (clock.now() < after_ms(start, s * 1000)) {
      report(gateway, told);
      run_for(1000);
    }
  }
  void run_for(std::int64_t ms) {
    const Instant end = after_ms(clock.now(), ms);
    while (clock.fire_next(end)) {
    }
    clock.advance_to(end);
  }

  VirtualClock clock{after_ms(start, -settled_ms)};
  GatewayLoad load{clock};
  std::vector<LoadFacts> windows;
};

TEST_F(GatewayLoadTest, MeansOverAlignedWindowsSummedOverGateways) {
  ready(1);
  while (clock.now() < after_ms(start, 10'000)) {
    const bool first_half = clock.now() < after_ms(start, 5'000);
    report("a", {first_half ? 4U : 2U});
    report("b", {1});
    run_for(1000);
  }
  run_for(1);
  ASSERT_EQ(windows.size(), 1U);
  const LoadFacts& facts = windows.front();
  EXPECT_EQ(facts.from, start);
  EXPECT_EQ(facts.to, after_ms(start, 10'000));
  EXPECT_EQ(facts.desired, 1U);
  ASSERT_EQ(facts.pools.size(), 1U);
  EXPECT_EQ(facts.pools[0].ready, 1U);
  EXPECT_EQ(facts.pools[0].reporting, 1U);
  EXPECT_EQ(facts.pools[0].max_concurrency, 4U);
  EXPECT_EQ(facts.pools[0].in_flight_milli, 4000U);
  ASSERT_EQ(facts.instances.size(), 1U);
  EXPECT_EQ(facts.instances[0].second, 3U);
}

TEST_F(GatewayLoadTest, NothingReportedIsMissingNotZero) {
  ready(1);
  run_for(10'001);
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].pools[0].ready, 1U);
  EXPECT_EQ(windows[0].pools[0].reporting, 0U);
  EXPECT_TRUE(windows[0].instances.empty());
}

TEST_F(GatewayLoadTest, OneSilentGatewayMakesTheSumUnknownUntilForgotten) {
  ready(1);
  report("b", {3, 0, true});
  run_to(10, "a", {2, 0, true});
  run_for(1);
  EXPECT_EQ(windows.back().pools[0].reporting, 0U);
  EXPECT_FALSE(load.in_flight(instance(1).text));
  run_to(80, "a", {2, 0, true});
  run_for(1);
  EXPECT_EQ(windows.back().pools[0].reporting, 1U);
  EXPECT_EQ(windows.back().pools[0].in_flight_milli, 2000U);
  EXPECT_EQ(load.in_flight(instance(1).text), 2U);
}

TEST_F(GatewayLoadTest, OneThatLeavesIsForgottenAtOnce) {
  ready(1);
  report("a", {2, 0, true});
  report("b", {3, 0, true});
  EXPECT_EQ(load.in_flight(instance(1).text), 5U);
  EXPECT_TRUE(load.report({"b", true, {}}).ok());
  EXPECT_EQ(load.in_flight(instance(1).text), 2U);
}

TEST_F(GatewayLoadTest, ADrainCountsOnceEveryGatewayStopped) {
  ready(1);
  report("a", {0});
  report("b", {0});
  // The drain is asked about before its record has been seen here.
  EXPECT_FALSE(load.in_flight(instance(1).text));
  drain(1);
  EXPECT_FALSE(load.in_flight(instance(1).text));
  report("a", {0, 0, true});
  EXPECT_FALSE(load.in_flight(instance(1).text));
  report("b", {2, 0, true});
  EXPECT_EQ(load.in_flight(instance(1).text), 2U);
  report("b", {0, 0, true});
  EXPECT_EQ(load.in_flight(instance(1).text), 0U);
}

TEST_F(GatewayLoadTest, WithoutAGatewayNothingIsInFlightAfterAWhile) {
  ready(1);
  drain(1);
  EXPECT_FALSE(load.in_flight(instance(1).text));
  run_for(20'000);
  EXPECT_EQ(load.in_flight(instance(1).text), 0U);
}

TEST_F(GatewayLoadTest, WhoWaitsWhereNothingIsWantedIsToldEarlyAndOnce) {
  scale(0);
  run_for(2000);
  EXPECT_TRUE(load.report({"a", false, {{"chat", 3, {}}}}).ok());
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].to, after_ms(start, 2000));
  EXPECT_EQ(windows[0].queued_milli, 3000U);
  EXPECT_EQ(windows[0].desired, 0U);
  ASSERT_EQ(windows[0].pools.size(), 1U);
  EXPECT_EQ(windows[0].pools[0].ready, 0U);
  run_for(1000);
  EXPECT_TRUE(load.report({"a", false, {{"chat", 3, {}}}}).ok());
  EXPECT_EQ(windows.size(), 1U);
}

TEST_F(GatewayLoadTest, ToldPieceByPieceWhatIsNotNamedStays) {
  ready(1);
  ready(2);
  const auto tell = [this](std::vector<ReportedEndpoint> endpoints) {
    EXPECT_TRUE(load.report_some({"a", false, std::move(endpoints)}).ok());
  };
  const auto at = [](std::uint32_t number, std::uint32_t in_flight) {
    ReportedInstance one;
    one.instance = std::string(instance(number).part(1));
    one.in_flight = in_flight;
    one.draining = true;
    return one;
  };
  tell({{"chat", 0, {at(1, 2), at(2, 3)}}});
  tell({{"other", 0, {at(1, 1)}}});
  EXPECT_EQ(load.in_flight(instance(1).text), 2U);
  EXPECT_EQ(load.in_flight(instance(2).text), 3U);
  tell({{"chat", 0, {at(2, 4)}}});
  EXPECT_FALSE(load.in_flight(instance(1).text));
  EXPECT_EQ(load.in_flight(instance(2).text), 4U);
  for (int s = 0; s < 6; ++s) {
    tell({{"other", 0, {at(1, 1)}}});
    run_for(1000);
  }
  EXPECT_FALSE(load.in_flight(instance(2).text));
  EXPECT_EQ(load.gateways(), 1U);
}

TEST_F(GatewayLoadTest, WhatWasUnderWayWhileAGatewayLeftSaysNothing) {
  ready(1);
  const auto tell = [this](bool leaving, std::uint64_t made_us) {
    LoadReport report{"b", leaving, {{"chat", 0, {}}}};
    report.made_us = made_us;
    EXPECT_TRUE(load.report_some(report).ok());
  };
  report("a", {2, 0, true});
  tell(false, 5);
  EXPECT_FALSE(load.in_flight(instance(1).text));
  tell(true, 7);
  EXPECT_EQ(load.in_flight(instance(1).text), 2U);
  tell(false, 6);
  EXPECT_EQ(load.in_flight(instance(1).text), 2U);
  tell(false, 8);
  EXPECT_FALSE(load.in_flight(instance(1).text));
}

TEST_F(GatewayLoadTest, WhoHasJustBegunToListenKnowsNothing) {
  ready(1);
  drain(1);
  report("a", {0, 0, true});
  EXPECT_EQ(load.in_flight(instance(1).text), 0U);
  load.hears(false);
  EXPECT_FALSE(load.in_flight(instance(1).text));
  run_for(120'000);
  load.hears(true);
  run_for(10'000);
  EXPECT_FALSE(load.in_flight(instance(1).text)) << "all are forgotten";
  load.hears(false);
  load.hears(true);
  report("a", {0, 0, true});
  EXPECT_FALSE(load.in_flight(instance(1).text)) << "there may be more";
  run_for(settled_ms);
  EXPECT_EQ(load.in_flight(instance(1).text), 0U);
}

TEST_F(GatewayLoadTest, AWindowInWhichItWasNotHeardReportsNobody) {
  ready(1);
  load.hears(false);
  run_to(9, "a", {1});
  load.hears(true);
  report("a", {1});
  run_for(1001);
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].pools[0].reporting, 0U);
  run_to(20, "a", {1});
  run_for(1);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[1].pools[0].reporting, 1U);
  EXPECT_EQ(windows[1].pools[0].in_flight_milli, 1000U);
}

TEST_F(GatewayLoadTest, AGatewayThatWasAwayInAWindowCountsFromItsReturn) {
  ready(1);
  run_to(12, "a", {4});
  EXPECT_TRUE(load.report({"a", true, {}}).ok());
  run_to(20, "a", {1});
  run_for(1);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[1].pools[0].in_flight_milli, 1000U);
}

TEST_F(GatewayLoadTest, AStoppedMeterSaysNothing) {
  load.stop("chat", "primary");
  run_for(30'000);
  EXPECT_TRUE(windows.empty());
}

TEST(LoadReport, ComesBackAsItWasSent) {
  const LoadReport sent{
      "here", true, {{"chat", 2, {{"1-1-0", 3, true, 4, 5}}}}, 77};
  const auto read = parse_load_report(load_report_text(sent));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(load_report_text(read.value()), load_report_text(sent));
}

TEST(LoadReport, WhatANewerGatewaySaysIsPassedOver) {
  const LoadReport known{"a", false, {{"e", 1, {{"1-1-0", 3}}}}, 7};
  const auto read = parse_load_report(
      R"({"region":{"name":"west"},"gateway":"a","endpoints":[{"tier":null,)"
      R"("endpoint":"e","queued":1,"instances":[{"instance":"1-1-0",)"
      R"("in_flight":3,"tokens":[1,2]}]}],"made_us":7})");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(load_report_text(read.value()), load_report_text(known));
}

TEST(LoadReport, SaysWhatIsWrong) {
  for (const char* text :
       {"", "{}", "[]", R"({"gateway":""})", R"({"gateway":"a","leaving":1})",
        R"({"gateway":"a","endpoints":{"endpoint":"e"}})",
        R"({"gateway":"a","endpoints":[{"endpoint":"e","instances":)"
        R"([{"instance":"1-1-0","in_flight":"3"}]}]})",
        R"({"gateway":"a","endpoints":[{"endpoint":"-"}]})",
        R"({"gateway":"a","endpoints":[{"endpoint":"e","queued":-1}]})",
        R"({"gateway":"a","endpoints":[{"endpoint":"e","instances":)"
        R"([{"instance":"x"}]}]})"}) {
    const auto read = parse_load_report(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::invalid_input) << text;
  }
}

}  // namespace
}  // namespace understudy
