#pragma once

/// Counts the events of one endpoint that a report speaks of. Used by
/// Statistics alone.

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "actors/runtime/record.hpp"
#include "services/projection/report.hpp"

namespace understudy {

/// A pool by its variant's name and its own.
using PoolKey = std::pair<std::string, std::string>;

struct PoolCounts {
  std::uint64_t calls = 0;
  std::uint64_t asked = 0;
  std::uint64_t granted = 0;
  std::map<std::pair<Offering, RefusalKind>, RefusalCount> refusals;
};

class EventCounter {
 public:
  void count(const StreamId& stream, const AnyEvent& event);

  [[nodiscard]] const EventCounts& events() const { return events_; }
  [[nodiscard]] const std::map<PoolKey, PoolCounts>& pools() const {
    return pools_;
  }

 private:
  struct Visitor;

  EventCounts events_;
  std::map<PoolKey, PoolCounts> pools_;
};

}  // namespace understudy
