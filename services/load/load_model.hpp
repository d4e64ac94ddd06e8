#pragma once

/// What recorded rates make of the ready instances of one variant: requests
/// in flight, a line of those that wait, and what was served or lost. The
/// model is written down in services/load/README.md.
///
/// All arithmetic is in integers, and the state at an instant depends only
/// on the calls made for instants up to it, not on how often it was asked in
/// between. Thread safety: none.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/core/describe.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/ports/load_meter.hpp"
#include "services/load/load_trace.hpp"
#include "services/load/waiting_line.hpp"

namespace understudy {

struct LoadProfile {
  std::uint32_t scale_milli = 1000;      ///< Of the recorded rates.
  std::uint32_t service_time_ms = 1000;  ///< Mean, of a pool not named below.
  std::map<std::string, std::uint32_t> pool_service_time_ms;
  std::uint32_t patience_ms = 60'000;  ///< How long a request waits.
  UNDERSTUDY_FIELDS(LoadProfile, scale_milli, service_time_ms,
                    pool_service_time_ms, patience_ms)
};

/// Thousandths of a request since the load began.
struct LoadTotals {
  std::uint64_t arrived_milli = 0;
  std::uint64_t served_milli = 0;
  std::uint64_t delayed_milli = 0;  ///< Of those served, that had to wait.
  std::uint64_t lost_milli = 0;     ///< Ran out of patience.
  std::uint64_t queued_milli = 0;   ///< Still waiting.
  std::map<std::string, std::uint64_t> served_by_pool_milli;
};

class LoadModel {
 public:
  /// `trace` may be null: nothing is known of the load.
  LoadModel(std::shared_ptr<const LoadTrace> trace, LoadProfile profile,
            Instant since);

  /// Moves on to `to`; not back.
  void advance(Instant to);
  [[nodiscard]] Instant time() const { return now_; }

  /// Requests come from the first ready instance on, until `close`.
  void instance_ready(const std::string& pool, InstanceId id,
                      std::uint32_t max_concurrency);
  /// False when it is not ready here.
  bool instance_left(InstanceId id);
  void close();

  /// Facts of [`from`, `time()`], without `desired`. `from` at most
  /// `history_ms` back.
  [[nodiscard]] LoadFacts facts(Instant from) const;
  [[nodiscard]] LoadTotals totals() const;

  /// The past is kept for so long at least.
  void keep_history(std::uint32_t ms) { history_ms_ = ms; }

 private:
  struct Instance {
    std::string pool;
    std::uint32_t max_concurrency = 1;
  };
  struct Pool {
    std::uint32_t ready = 0;
    std::int64_t places = 0;      ///< Summed maximum concurrency.
    std::int64_t rate_milli = 0;  ///< Requests it can end per second.
    std::uint32_t max_concurrency = 1;
    RequestNanos served = 0;
  };
  /// What was so from an instant on, until the next segment.
  struct Segment {
    Instant from;
    std::map<std::string, std::int64_t> in_flight_milli;  ///< By pool.
  };

  void step_in_time(Instant to);
  void step_in_line(Instant to);
  void count_served(RequestNanos amount, std::int64_t rate_milli,
                    std::int64_t us);
  void note_segment(bool saturated);
  void recount();
  [[nodiscard]] std::int64_t arrival_rate_milli() const;
  [[nodiscard]] Instant next_rate_change() const;
  /// In flight on so many places, in thousandths.
  [[nodiscard]] std::int64_t in_flight_milli(std::int64_t places,
                                             bool saturated) const;

  std::shared_ptr<const LoadTrace> trace_;
  const LoadProfile profile_;
  Instant now_;
  bool open_ = false;

  std::map<InstanceId, Instance> instances_;
  std::map<std::string, Pool> pools_;  ///< All that ever had an instance.
  std::int64_t rate_milli_ = 0;        ///< What all pools can end per second.

  WaitingLine line_;
  RequestNanos arrived_ = 0;
  RequestNanos served_ = 0;
  RequestNanos delayed_ = 0;
  RequestNanos lost_ = 0;

  std::deque<Segment> history_;
  bool noted_saturated_ = false;  ///< The last segment says so.
  std::uint32_t history_ms_ = 3'600'000;
};

}  // namespace understudy
