#pragma once

/// Instance time and money of one endpoint, per pool and priority. Used by
/// Statistics alone.

#include <map>

#include "services/projection/event_counter.hpp"
#include "services/projection/fleet_view.hpp"
#include "services/projection/report.hpp"

namespace understudy {

/// Microseconds times millionths of a dollar need more than 64 bits.
__extension__ using Wide = __int128;

class Bill {
 public:
  /// Bills the instances of `history` between `from` and `to`.
  Bill(const EndpointHistory& history, Instant from, Instant to);

  void add_counts(const std::map<PoolKey, PoolCounts>& counts);
  void write(EndpointReport& report) const;

 private:
  struct Line {
    PoolReport report;
    std::int64_t instance_us = 0;
    Wide cost = 0;            ///< Microseconds times price per hour.
    Wide preferred_cost = 0;  ///< At the price of the best pool.
  };

  Line& line(const std::string& variant, const std::string& pool);
  void add(const InstanceView& instance, std::int64_t us,
           std::uint64_t preferred_price);

  std::map<PoolKey, Line> lines_;
};

}  // namespace understudy
