// What is scraped of endpoints, their pools and operations.

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/telemetry/scrape.hpp"

namespace understudy {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

TEST(EndpointMetrics, a_creation_that_fell_back_is_told_in_numbers) {
  Watched watched;
  watched.see_until(small_story().records(), hour_ms / 2);
  const auto value = [&](const std::string& series) {
    return watched.value(series, hour_ms / 2);
  };
  EXPECT_EQ(value(R"(understudy_endpoints{state="in-service"})"), 1);
  EXPECT_EQ(value(R"(understudy_endpoint_status{endpoint="chat",)"
                  R"(state="in-service"})"),
            1);
  EXPECT_EQ(value(R"(understudy_endpoint_condition{endpoint="chat",)"
                  R"(condition="OnPreferredPools"})"),
            0);
  EXPECT_EQ(value(of_variant("instances_desired")), 3);
  EXPECT_EQ(value(of_variant("instances_serving")), 3);
  EXPECT_EQ(value(of_variant("instances_on_fallback")), 1);
  EXPECT_EQ(value(of_pool("instances", "first", R"(,state="ready")")), 2);
  EXPECT_EQ(value(of_pool("instances", "first", R"(,state="draining")")), 0);
  EXPECT_EQ(value(of_pool("instances_held", "second")), 1);
  EXPECT_EQ(value(of_pool("pool_priority", "second")), 2);
  EXPECT_EQ(value(of_pool("pool_offerings", "first")), 2);
  EXPECT_EQ(value(of_pool("launch_attempts_total", "first")), 2);
  EXPECT_EQ(value(of_pool("instances_launched_total", "first")), 2);
  EXPECT_EQ(
      value(of_pool("instances_refused_total", "first", R"(,kind="capacity")")),
      4);
  EXPECT_EQ(
      value(of_pool("capacity_refusals_total", "first", R"(,kind="capacity")")),
      2);
  EXPECT_EQ(
      value(of_variant("fallbacks_total", R"(,pool="second",kind="capacity")")),
      1);
  EXPECT_EQ(value(of_variant("operations", R"(,state="open")")), 0);
  EXPECT_EQ(value(of_variant("time_to_capacity_seconds_count")), 1);
  EXPECT_EQ(value(of_variant("time_to_capacity_seconds_bucket", R"(,le="10")")),
            1);
  EXPECT_EQ(value("understudy_endpoint_time_to_in_service_seconds_count"), 1);
  EXPECT_EQ(value(R"(understudy_instance_startup_seconds_count)"
                  R"({instance_type="gpu"})"),
            3);
}

TEST(EndpointMetrics, a_refused_pool_cools_and_opens_again) {
  const auto tiny = small_story();
  Watched watched;
  watched.see_until(tiny.records(), 5'000);
  const std::string cooling = of_pool("pool_offerings_cooling", "first");
  EXPECT_EQ(watched.value(cooling, 5'000), 2);
  watched.see_until(tiny.records(), hour_ms / 2);
  EXPECT_EQ(watched.value(cooling, hour_ms / 2), 0);
}

TEST(EndpointMetrics, the_time_left_to_an_operation_goes_with_it) {
  const auto tiny = small_story();
  Watched watched;
  watched.see_until(tiny.records(), 0);
  const std::string left = of_variant("operation_deadline_remaining_seconds");
  const std::string share = of_variant("operation_deadline_remaining_ratio");
  EXPECT_EQ(watched.value(of_variant("operations", R"(,state="open")")), 1);
  EXPECT_EQ(watched.value(left), 1'800);
  EXPECT_EQ(watched.value(share), 1);
  EXPECT_EQ(watched.value(left, 1'350'000), 450);
  EXPECT_EQ(watched.value(share, 1'350'000), 0.25);
  EXPECT_EQ(watched.value(left, 2 * hour_ms), 0) << "never negative";
  watched.see_until(tiny.records(), hour_ms / 2);
  EXPECT_EQ(watched.value(left, hour_ms / 2), std::nullopt);
  EXPECT_EQ(watched.value(share, hour_ms / 2), std::nullopt);
}

TEST(EndpointMetrics, time_in_tier_is_what_was_held_over_time) {
  const auto tiny = small_story();
  Watched watched;
  watched.see_until(tiny.records(), hour_ms / 2);
  const std::string first = of_pool("instance_seconds_total", "first");
  // Both were granted four seconds after the start.
  EXPECT_EQ(watched.value(first, hour_ms / 2), 2 * (1800 - 4));
  // One is lost after an hour, replaced elsewhere; nothing else changes.
  watched.see_until(tiny.records(), hour_ms * 3 / 2);
  EXPECT_EQ(watched.value(first, hour_ms * 3 / 2), 2 * (3600 - 4) + 1800);
}

TEST(EndpointMetrics, time_in_tier_never_runs_back) {
  const auto tiny = small_story();
  Watched watched;
  const std::string first = of_pool("instance_seconds_total", "first");
  watched.see_until(tiny.records(), hour_ms / 2);
  const auto ahead = watched.value(first, hour_ms * 5 / 4);
  ASSERT_TRUE(ahead.has_value());
  // The loss is taken in after a scrape that was later than it.
  watched.see_until(tiny.records(), hour_ms);
  EXPECT_EQ(watched.value(first, hour_ms * 5 / 4), ahead);
  EXPECT_EQ(watched.value(first, hour_ms), ahead) << "a clock set back";
}

TEST(EndpointMetrics, counters_begin_with_the_process) {
  const auto tiny = small_story();
  Watched watched(tiny.records().size());
  watched.see_until(tiny.records(), 3 * hour_ms);
  const auto at = 3 * hour_ms;
  EXPECT_EQ(watched.value(of_pool("instances_launched_total", "first"), at), 0);
  EXPECT_EQ(watched.value(of_pool("instance_seconds_total", "first"), at), 0);
  EXPECT_EQ(watched.value(of_variant("instances_desired"), at), 2);
  EXPECT_EQ(watched.value(of_pool("instances_held", "first"), at), 1);
  EXPECT_EQ(
      watched.value(of_pool("instance_seconds_total", "first"), at + 10'000),
      10);
  EXPECT_EQ(watched.value("understudy_recovery_records", at),
            tiny.records().size());
  EXPECT_EQ(watched.value(R"(understudy_decisions_total{kind="pool"})", at), 0);
}

TEST(EndpointMetrics, what_leaves_is_counted_by_its_reason) {
  Watched watched;
  watched.see_until(small_story().records(), 3 * hour_ms);
  EXPECT_EQ(watched.value(
                of_pool("instances_left_total", "first", R"(,reason="lost")"),
                3 * hour_ms),
            1);
  EXPECT_EQ(watched.value(of_pool("instances", "first", R"(,state="ready")"),
                          3 * hour_ms),
            1);
}

Record load_record(const autoscaler::LoadObserved& load) {
  Record record;
  record.stream = StreamId::autoscaler("chat", "primary");
  record.sequence = 1'000'000;
  record.time = load.to;
  record.event = load;
  return record;
}

TEST(EndpointMetrics, load_that_nobody_metered_is_absent_and_not_zero) {
  Watched watched;
  watched.see_until(small_story().records(), hour_ms / 2);
  const std::string weighted = of_variant("utilisation_weighted_ratio");
  const std::string plain = of_variant("requests_in_flight_per_instance");
  const std::string in_flight = of_variant("requests_in_flight");
  const std::int64_t at = hour_ms / 2;
  EXPECT_EQ(watched.value(weighted, at), std::nullopt);

  autoscaler::LoadObserved load;
  load.to = after_ms(story_start, at - 20'000);
  load.ready = 3;
  load.reporting = 3;
  load.capacity = 24;
  load.in_flight_milli = 12'000;
  load.queued_milli = 6'000;
  load.utilisation_milli = 750;
  watched.see(load_record(load));
  EXPECT_EQ(watched.value(weighted, at), 0.75);
  EXPECT_EQ(watched.value(plain, at), 4);
  EXPECT_EQ(watched.value(in_flight, at), 12);
  EXPECT_EQ(watched.value(of_variant("requests_queued"), at), 6);
  EXPECT_EQ(watched.value(of_variant("load_age_seconds"), at), 20);

  load.reporting = 2;
  watched.see(load_record(load));
  EXPECT_EQ(watched.value(in_flight, at), std::nullopt);
  EXPECT_EQ(watched.value(weighted, at), std::nullopt);
  EXPECT_EQ(watched.value(plain, at), 6);

  load.reporting = 0;
  load.queued_milli = 0;
  watched.see(load_record(load));
  EXPECT_EQ(watched.value(plain, at), std::nullopt);
  EXPECT_EQ(watched.value(of_variant("load_age_seconds"), at), std::nullopt);
}

/// The life of an endpoint from its creation to its deletion.
std::vector<Record> whole_life() {
  TinyRuntime tiny(story_start);
  tiny.capacity[story_offering("zone-c")] = 100;
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(3)});
  tiny.run_for(hour_ms);
  tiny.submit(story_endpoint(), endpoint::DeleteEndpoint{"delete-1"});
  tiny.run_for(hour_ms);
  return tiny.records();
}

TEST(EndpointMetrics, a_thousand_deleted_endpoints_leave_nothing_behind) {
  Watched watched;
  const Instant end = after_ms(story_start, 3 * hour_ms);
  const auto life = whole_life();
  std::uint64_t sequence = 0;
  const auto live = [&](const std::string& name, std::size_t records) {
    for (std::size_t i = 0; i < records; ++i) {
      Record record = life[i];
      auto& stream = record.stream.text;
      stream.replace(stream.find("chat"), 4, name);
      record.sequence = ++sequence;
      watched.see(record);
    }
  };
  live("stays", life.size() / 2);
  live("first", life.size());
  const auto before = std::ranges::count(watched.text(end), '\n');
  for (int i = 0; i < 500; ++i)
    live("endpoint-" + std::to_string(i), life.size() / 2);
  const auto between = std::ranges::count(watched.text(end), '\n');
  EXPECT_GT(between, before + 500 * 50) << "each has its series";
  for (int i = 0; i < 1'000; ++i)
    live("endpoint-" + std::to_string(i), life.size());
  const std::string after = watched.text(end);
  EXPECT_EQ(std::ranges::count(after, '\n'), before);
  EXPECT_EQ(after.find("endpoint-"), std::string::npos);
  EXPECT_NE(after.find("stays"), std::string::npos);
}

/// Shows `watched` the first `records` of a life under another name.
class Lives {
 public:
  explicit Lives(Watched& watched) : watched_(watched) {}

  void live(const std::string& name, std::size_t records) {
    for (std::size_t i = 0; i < records && i < life_.size(); ++i) {
      Record record = life_[i];
      auto& stream = record.stream.text;
      stream.replace(stream.find("chat"), 4, name);
      record.sequence = ++sequence_;
      watched_.see(record);
    }
  }

  /// In service, not yet deleted.
  void serve(const std::string& name) {
    const Instant deleted = after_ms(story_start, hour_ms);
    live(name, static_cast<std::size_t>(std::ranges::count_if(
                   life_, [&](const Record& r) { return r.time < deleted; })));
  }
  void end(const std::string& name) { live(name, life_.size()); }

 private:
  const std::vector<Record> life_ = whole_life();
  Watched& watched_;
  std::uint64_t sequence_ = 0;
};

bool has_series(const std::string& text, const std::string& name) {
  return text.find("endpoint=\"" + name + "\"") != std::string::npos;
}

TEST(EndpointMetrics, only_the_oldest_have_series_and_sums_are_of_all) {
  Watched watched(0, 2);
  Lives lives(watched);
  for (const auto name : {"z", "y", "x", "w"})
    lives.serve(name);
  const std::string text = watched.text(after_ms(story_start, hour_ms));
  EXPECT_TRUE(has_series(text, "z"));
  EXPECT_TRUE(has_series(text, "y"));
  EXPECT_FALSE(has_series(text, "x"));
  EXPECT_FALSE(has_series(text, "w"));
  const auto value = [&](const std::string& series) {
    return watched.value("understudy_" + series, hour_ms);
  };
  EXPECT_EQ(value("endpoints_without_series"), 2);
  EXPECT_EQ(value(R"(endpoints{state="in-service"})"), 4);
  EXPECT_EQ(value("fleet_instances_desired"), 12);
  EXPECT_EQ(value("fleet_instances_serving"), 12);
  EXPECT_EQ(value("fleet_instances_held"), 12);
  EXPECT_EQ(value(R"(fleet_instances{state="ready"})"), 12);
  EXPECT_EQ(value("fleet_instances_launched_total"), 12);
  EXPECT_GT(value("fleet_instances_on_fallback"), 0);
  EXPECT_GT(value(R"(fleet_fallbacks_total{kind="capacity"})"), 0);
  EXPECT_GT(value(R"(fleet_instances_refused_total{kind="capacity"})"), 0);
}

TEST(EndpointMetrics, the_oldest_left_out_takes_the_place_of_a_deleted_one) {
  Watched watched(0, 2);
  Lives lives(watched);
  for (const auto name : {"z", "y", "x", "w"})
    lives.serve(name);
  lives.end("z");
  const Instant now = after_ms(story_start, 3 * hour_ms);
  std::string text = watched.text(now);
  EXPECT_FALSE(has_series(text, "z"));
  EXPECT_TRUE(has_series(text, "y"));
  EXPECT_TRUE(has_series(text, "x"));
  EXPECT_FALSE(has_series(text, "w"));
  const std::string of_x = R"({endpoint="x",variant="primary"})";
  EXPECT_EQ(watched.value("understudy_instances_serving" + of_x, 3 * hour_ms),
            3);
  EXPECT_EQ(watched.value("understudy_fleet_instances_held", 3 * hour_ms), 9);
  lives.end("w");
  EXPECT_EQ(watched.value("understudy_endpoints_without_series"), 0);
  EXPECT_EQ(watched.value("understudy_fleet_instances_held", 3 * hour_ms), 6);
}

TEST(EndpointMetrics, one_that_gets_series_late_has_its_open_operation) {
  Watched watched(0, 1);
  Lives lives(watched);
  lives.serve("z");
  lives.live("y", 2);
  lives.end("z");
  const std::string series =
      R"(understudy_operations{endpoint="y",variant="primary",state="open"})";
  EXPECT_EQ(watched.value(series, hour_ms), 1);
}

TEST(EndpointMetrics, the_page_does_not_grow_with_those_left_out) {
  Watched watched(0, 10);
  Lives lives(watched);
  for (int i = 0; i < 10; ++i)
    lives.serve("first-" + std::to_string(i));
  const Instant now = after_ms(story_start, hour_ms);
  const auto before = std::ranges::count(watched.text(now), '\n');
  for (int i = 0; i < 200; ++i)
    lives.serve("later-" + std::to_string(i));
  EXPECT_EQ(std::ranges::count(watched.text(now), '\n'), before);
}

}  // namespace
}  // namespace understudy
