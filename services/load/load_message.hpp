#pragma once

/// A gateway's report as messages of the load topic: one for each endpoint,
/// keyed by its name. One that tells of no endpoint goes by the gateway's
/// name: that it is there, or leaves, counts everywhere.
///
/// Thread safety: `load_messages` has no state; `MessageAge`: one thread.

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "actors/core/instant.hpp"
#include "services/load/load_report.hpp"

namespace understudy {

/// Key and value.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> load_messages(
    const LoadReport& report);

/// How late messages of one partition come. Whoever stores them and whoever
/// reads them have clocks of their own, which may differ by any constant: so
/// a message is as late as it took longer than the quickest of the last
/// minute did.
class MessageAge {
 public:
  /// `stored` by the one clock, `read` by the other. Milliseconds.
  [[nodiscard]] std::int64_t late_ms(Instant stored, Instant read);

 private:
  struct Took {
    Instant read;
    std::int64_t us = 0;
  };
  /// Of the last minute; each is quicker than all that came after it.
  std::deque<Took> quickest_;
};

}  // namespace understudy
