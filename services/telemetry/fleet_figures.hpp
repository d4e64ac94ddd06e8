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
  std::vector<ShownEndpoint> endpoints;  ///< Those that are not deleted.
  Instant now;
  Instant integrated;  ///< The latest `now` that was shown, this one included.
  Instant counting;    ///< What is integrated begins here.
};

class FleetFigures {
 public:
  void see(const Record& record, const FleetView& view, std::uint64_t from);

  /// `live`: the log has been read, time counts.
  [[nodiscard]] ShownFleet shown(const FleetView& view, Instant now, bool live);

 private:
  struct Entry {
    EndpointFigures figures;
    std::shared_ptr<const EndpointFigures> shown;
    bool changed = true;
  };

  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> endpoints_;
  Instant counting_ = Instant::never();
  Instant shown_at_;
};

}  // namespace understudy::telemetry
