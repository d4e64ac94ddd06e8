#pragma once

/// Where the gateway learns of the fleet: the records of a log, in order, as
/// they become durable. One source each for an embedded log, for a log on
/// Kafka, and for a daemon that is asked over HTTP.
///
/// Records of one partition come in their order, each once; those of several
/// partitions come in any order among one another, which is enough, since all
/// records of an endpoint stand in one.
///
/// Thread safety: one thread.

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/record.hpp"

namespace understudy::gateway {

struct Progress {
  std::size_t records = 0;
  /// All that was durable when the source was opened has been handed over:
  /// what was folded is the fleet as it is, and not as it once was.
  bool caught_up = false;
};

class FleetSource {
 public:
  using See = std::function<void(Position, const Record&)>;

  virtual ~FleetSource() = default;

  /// Hands over what comes next, a bounded number of records; waits up to
  /// `longest` for the first. Errors: `unavailable` when the source cannot
  /// be had now: the next call tries again and goes on where it was. Any
  /// other: it cannot go on from there, see `restart`.
  [[nodiscard]] virtual Result<Progress> next(std::chrono::milliseconds longest,
                                              const See& see) = 0;

  /// Begins again with the first record.
  virtual void restart() = 0;

  /// For people: `embedded:DIR` or an address.
  [[nodiscard]] virtual std::string where() const = 0;
};

}  // namespace understudy::gateway
