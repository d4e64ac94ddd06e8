#pragma once

/// Every endpoint's figures, and what is counted over all of them.
///
/// Thread safety: `see` from one thread at a time; `shown` from any, while
/// nothing changes the view that it is given. What `shown` returns never
/// changes, so that the long work of writing it down holds nobody up.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/telemetry/endpoint_figures.hpp"

namespace understudy::telemetry {

struct ShownEndpoint {
  std::string name;
  std::shared_ptr<const EndpointFigures> figures;
};

struct ShownFleet {
  /// Those that are not deleted and have series.
  std::vector<ShownEndpoint> endpoints;
  std::size_t left_out = 0;  ///< So many have none,
  FleetSums others;          ///< of which this is the sum.
  Instant now;
  Instant integrated;  ///< The latest `now` that was shown, this one included.
  Instant counting;    ///< What is integrated begins here.
};

/// The first `max_endpoints`, in the order of their creations in the log, have
/// series: whoever has them keeps them until it is deleted, after a restart
/// too. Then the oldest of those left out takes the place, with counters that
/// begin at 0. Of the others only what is summed is kept.
class FleetFigures {
 public:
  explicit FleetFigures(std::size_t max_endpoints)
      : max_endpoints_(max_endpoints) {}

  void see(const Record& record, const FleetView& view, std::uint64_t from);

  /// `live`: the log has been read, time counts.
  [[nodiscard]] ShownFleet shown(const FleetView& view, Instant now, bool live);

 private:
  struct Entry {
    EndpointFigures figures;
    std::shared_ptr<const EndpointFigures> shown;
    bool changed = true;
  };

  struct LeftOut {
    FleetSums sums;
    std::uint64_t number = 0;  ///< In `waiting_`.
    bool changed = true;
  };

  void let_go(std::string_view name, const FleetView& view,
              const Moment& moment);

  const std::size_t max_endpoints_;
  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> endpoints_;
  std::map<std::string, LeftOut, std::less<>> left_out_;
  std::map<std::uint64_t, std::string> waiting_;  ///< Names, oldest first.
  std::uint64_t created_ = 0;
  Instant counting_ = Instant::never();
  Instant shown_at_;
};

}  // namespace understudy::telemetry
