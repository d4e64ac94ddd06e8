// What is scraped of the daemon itself.

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "actors/runtime/not_listed.hpp"
#include "tests/unit/telemetry/scrape.hpp"

namespace understudy {
namespace {

Record record_of(const StreamId& stream, AnyEvent event) {
  Record record;
  record.stream = stream;
  record.sequence = 1'000'000;
  record.time = story_start;
  record.event = std::move(event);
  return record;
}

TEST(DaemonMetrics, the_phase_it_is_in_is_one_and_the_others_zero) {
  Watched watched;
  watched.daemon.phase = "log-failed";
  EXPECT_EQ(watched.value("understudy_ready"), 0);
  EXPECT_EQ(watched.value(R"(understudy_phase{phase="log-failed"})"), 1);
  EXPECT_EQ(watched.value(R"(understudy_phase{phase="ready"})"), 0);
  watched.daemon.phase = "ready";
  EXPECT_EQ(watched.value("understudy_ready"), 1);
  EXPECT_EQ(watched.value(R"(understudy_phase{phase="log-failed"})"), 0);
}

TEST(DaemonMetrics, gauges_are_as_they_are_told) {
  Watched watched;
  EXPECT_EQ(watched.value("understudy_recovery_duration_seconds"),
            std::nullopt);
  watched.daemon.behind = 1;
  watched.daemon.waiting_inputs = 2;
  watched.daemon.live_actors = 3;
  watched.daemon.commands = 4;
  watched.daemon.followers = 5;
  watched.daemon.recovery_time = std::chrono::milliseconds(1'500);
  watched.metrics.daemon().stream_stopped(story_endpoint());
  watched.metrics.daemon().stream_stopped(story_endpoint());
  EXPECT_EQ(watched.value("understudy_view_lag_records"), 1);
  EXPECT_EQ(watched.value("understudy_inputs_waiting"), 2);
  EXPECT_EQ(watched.value("understudy_actors_live"), 3);
  EXPECT_EQ(watched.value("understudy_commands_under_way"), 4);
  EXPECT_EQ(watched.value("understudy_api_followers"), 5);
  EXPECT_EQ(watched.value("understudy_recovery_duration_seconds"), 1.5);
  EXPECT_EQ(watched.value("understudy_streams_stopped"), 1);
  EXPECT_EQ(watched.value(R"(understudy_build_info{version="1.2.3"})"), 1);
}

TEST(DaemonMetrics, commits_are_counted_and_timed) {
  Watched watched;
  EXPECT_EQ(watched.value("understudy_log_commits_total"), 0);
  watched.metrics.daemon().committed(700, 3, 4'096);
  watched.metrics.daemon().committed(60'000, 1, 512);
  EXPECT_EQ(watched.value("understudy_log_commits_total"), 2);
  EXPECT_EQ(watched.value("understudy_log_records_total"), 4);
  EXPECT_EQ(watched.value("understudy_log_written_bytes_total"), 4'608);
  EXPECT_EQ(watched.value(
                R"(understudy_log_commit_duration_seconds_bucket{le="0.001"})"),
            1);
  EXPECT_EQ(watched.value(R"(understudy_log_commit_records_bucket{le="1"})"),
            1);
}

TEST(DaemonMetrics, requests_are_counted_by_labels_that_no_client_chooses) {
  Watched watched;
  auto& daemon = watched.metrics.daemon();
  daemon.served({"/v1/commands", "POST", 200, 1'500});
  daemon.served({"/v1/commands", "BREW", 999, 10});
  const std::string route =
      R"(understudy_api_requests_total{code="200",method="POST",)"
      R"(route="/v1/commands"})";
  EXPECT_EQ(watched.value(route), 1);
  EXPECT_EQ(watched.value(R"(understudy_api_requests_total{code="other",)"
                          R"(method="other",route="/v1/commands"})"),
            1);
  for (int i = 0; i < 10'000; ++i)
    daemon.served({"/" + std::to_string(i), "GET", 404, 10});
  EXPECT_LT(std::ranges::count(watched.text(story_start), '\n'), 3'000);
  daemon.served({"/v1/commands", "POST", 200, 1'500});
  EXPECT_EQ(watched.value(route), 2);
}

TEST(DaemonMetrics, decisions_are_counted_by_actor_and_not_by_event) {
  Watched watched;
  const auto tiny = small_story();
  std::map<ActorKind, double> decisions;
  for (const Record& record : tiny.records()) {
    if (record.part == 0) ++decisions[record.stream.kind()];
    watched.see(record);
  }
  EXPECT_EQ(watched.value(R"(understudy_decisions_total{kind="endpoint"})"),
            decisions[ActorKind::endpoint]);
  EXPECT_EQ(watched.value(R"(understudy_decisions_total{kind="pool"})"),
            decisions[ActorKind::pool]);
  EXPECT_EQ(watched.value(R"(understudy_decisions_total{kind="instance"})"),
            decisions[ActorKind::instance]);
}

TEST(DaemonMetrics, a_provider_that_disagrees_is_told_from_one_that_ended) {
  Watched watched;
  const auto stream = StreamId::instance("chat", InstanceId::make({1}, 1, 0));
  const std::string missing =
      R"(understudy_provider_log_disagreements_total{kind="missing"})";
  const std::string orphan =
      R"(understudy_provider_log_disagreements_total{kind="orphan"})";
  EXPECT_EQ(watched.value(missing), 0);
  watched.see(record_of(stream, instance::InstanceLost{"host failed", 1}));
  EXPECT_EQ(watched.value(missing), 0);
  watched.see(record_of(
      stream, instance::InstanceLost{std::string(not_listed_detail), 1}));
  EXPECT_EQ(watched.value(missing), 1);
  watched.see(record_of(StreamId::pool("chat", "primary", "first"),
                        pool::OrphanReturned{{1}, 1, "i-1"}));
  EXPECT_EQ(watched.value(orphan), 1);
}

TEST(DaemonMetrics, refused_commands_are_counted_by_reason) {
  Watched watched;
  endpoint::CommandRefused refused;
  refused.kind = "scale-variant";
  refused.reason = "endpoint-failed";
  watched.see(record_of(story_endpoint(), refused));
  EXPECT_EQ(watched.value(R"(understudy_commands_refused_total{)"
                          R"(kind="scale-variant",reason="endpoint-failed"})"),
            1);
}

TEST(DaemonMetrics, the_process_tells_what_it_uses) {
  Watched watched;
  EXPECT_GT(watched.value("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(watched.value("process_open_fds"), 2);
  EXPECT_GE(watched.value("process_max_fds"), 16);
  EXPECT_GT(watched.value("process_start_time_seconds"), 1.6e9);
  const auto cpu = watched.value("process_cpu_seconds_total");
  ASSERT_TRUE(cpu.has_value());
  EXPECT_GE(watched.value("process_cpu_seconds_total"), cpu);
}

}  // namespace
}  // namespace understudy
