#pragma once

/// What is counted of the daemon itself: log, API, decisions, process.
///
/// Thread safety: all calls from any thread.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "actors/runtime/record.hpp"
#include "services/control/kafka_figures.hpp"
#include "services/projection/fleet_view.hpp"
#include "services/telemetry/families.hpp"

namespace understudy::telemetry {

/// How the daemon is at the time of a scrape.
struct DaemonNow {
  std::string phase = "recovering";  ///< One of `phases`.
  std::uint64_t behind = 0;          ///< Durable records not in the view.
  std::size_t waiting_inputs = 0;
  std::size_t live_actors = 0;
  std::size_t commands = 0;
  std::size_t followers = 0;
  std::chrono::milliseconds recovery_time{0};  ///< 0: not recovered yet.
  std::optional<KafkaFigures> kafka;
};

inline constexpr std::array<std::string_view, 4> phases{
    "recovering", "ready", "log-failed", "stopping"};

struct FinishedRequest {
  std::string route;
  std::string method;
  int status = 0;
  std::int64_t duration_us = 0;
};

class DaemonFigures {
 public:
  explicit DaemonFigures(const std::string& version);

  /// Records up to `from` are recovered, not decided.
  void see(const Record& record, const FleetView& view, std::uint64_t from);
  void committed(std::int64_t duration_us, std::uint64_t records,
                 std::uint64_t bytes);
  void served(const FinishedRequest& request);
  void stream_stopped(const StreamId& stream);

  /// Brings the gauges up to `now` and returns all families that have data.
  [[nodiscard]] std::map<std::string, prometheus::MetricFamily> collect(
      const DaemonNow& now);

 private:
  using Labels = prometheus::Labels;

  prometheus::Counter& counter(Family id, const Labels& labels = {});
  prometheus::Gauge& gauge(Family id, const Labels& labels = {});
  prometheus::Histogram& histogram(Family id, const Labels& labels = {});
  void count_fleet(const Record& record);
  void count_decision(const Record& record);
  void set_process();
  void set_kafka(const KafkaFigures& figures);
  /// A counter that somebody else counts.
  void count_up_to(Family id, std::uint64_t value);

  prometheus::Registry registry_;
  std::map<Family, prometheus::Family<prometheus::Counter>*> counters_;
  std::map<Family, prometheus::Family<prometheus::Gauge>*> gauges_;
  std::map<Family, prometheus::Family<prometheus::Histogram>*> histograms_;

  std::mutex mutex_;  ///< Guards what follows.
  std::set<std::string> stopped_;
  std::set<std::string> routes_;
  double cpu_seconds_ = 0;
  std::map<Family, std::uint64_t> counted_;
};

}  // namespace understudy::telemetry
