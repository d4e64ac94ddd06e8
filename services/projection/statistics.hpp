#pragma once

/// What became of a fleet over a period, in numbers. Exact: all times are
/// integrated in microseconds and divided once, at the end.
///
/// Terms. Wanted: the desired count of a variant. Ready: instances that take
/// requests (reclaim-noticed ones until they are drained). Held: granted and
/// not left, as the endpoint counts. Observed: from the first time in service
/// to the end of the period, while the endpoint is neither failed nor being
/// deleted. Instance time: from launch to end, which is what is paid for.
/// Thread safety: none. Ownership: it keeps copies.

#include <cstdint>
#include <map>
#include <string>

#include "services/projection/event_counter.hpp"
#include "services/projection/fleet_view.hpp"
#include "services/projection/report.hpp"

namespace understudy {

class Statistics {
 public:
  /// Counts what happens in [from, to); records before and after it are
  /// needed to know the state and who was still running.
  explicit Statistics(Instant from = {}, Instant to = Instant::never())
      : from_(from), to_(to) {}

  /// Takes in the next record of the log.
  void see(const Record& record);

  /// The numbers up to the end of the period, or to the latest record when
  /// that is earlier.
  [[nodiscard]] Report report() const;

  [[nodiscard]] const FleetView& view() const { return view_; }

 private:
  /// Integrals over the observed time of one variant.
  struct Integral {
    std::int64_t observed_us = 0;
    std::int64_t ready_enough_us = 0;
    std::int64_t held_enough_us = 0;
    std::int64_t shortfall_us = 0;  ///< Missing instances times time.
    std::int64_t wanted_us = 0;
    std::int64_t ready_us = 0;
    Instant below_since;  ///< 0 while enough are ready.
    Instant longest_from;
    std::int64_t longest_us = 0;
    std::uint64_t times_below = 0;
  };

  struct EndpointCounts {
    Instant since;  ///< Integrated up to here.
    std::map<std::string, Integral> variants;
    EventCounter events;
  };

  void integrate(const EndpointHistory* history, EndpointCounts& counts,
                 Instant until) const;
  static void integrate(const VariantView& variant, Integral& into,
                        Instant from, Instant to);
  [[nodiscard]] bool inside(Instant at) const {
    return at >= from_ && at < to_;
  }
  [[nodiscard]] EndpointReport report_on(const EndpointHistory& history,
                                         EndpointCounts counts,
                                         Instant end) const;

  Instant from_;
  Instant to_;
  Instant first_;
  FleetView view_;
  std::map<std::string, EndpointCounts, std::less<>> endpoints_;
};

}  // namespace understudy
