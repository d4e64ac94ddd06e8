#pragma once

/// A daemon's metrics without the daemon: records in, samples out.

#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "services/telemetry/exposition.hpp"
#include "tests/support/small_story.hpp"

namespace understudy {

class Watched {
 public:
  explicit Watched(std::uint64_t from = 0, std::size_t max_endpoints = 1'000)
      : metrics("1.2.3", max_endpoints), from_(from) {
    daemon.phase = "ready";
  }

  void see(const Record& record) {
    view.see(record);
    metrics.see(record, view, from_);
  }

  /// What happened up to `ms` after the start of the story.
  void see_until(const std::vector<Record>& records, std::int64_t ms) {
    for (; next_ < records.size(); ++next_) {
      if (records[next_].time > after_ms(story_start, ms)) break;
      see(records[next_]);
    }
  }

  [[nodiscard]] std::string text(Instant now) {
    return metrics.text(daemon, metrics.show(daemon, view, now));
  }

  /// The value of a series, written as it is scraped.
  [[nodiscard]] std::optional<double> value(const std::string& series,
                                            std::int64_t at_ms = 0) {
    std::istringstream lines(text(after_ms(story_start, at_ms)));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(series + " ")) {
        return std::stod(line.substr(series.size()));
      }
    }
    return std::nullopt;
  }

  FleetView view;
  telemetry::Exposition metrics;
  telemetry::DaemonNow daemon;

 private:
  std::uint64_t from_;
  std::size_t next_ = 0;
};

/// Labels in the order of the table.
inline std::string of_variant(const std::string& family,
                              const std::string& more = "") {
  return "understudy_" + family + R"({endpoint="chat",variant="primary")" +
         more + "}";
}

inline std::string of_pool(const std::string& family, const std::string& pool,
                           const std::string& more = "") {
  return of_variant(family,
                    ",pool=\"" + pool + R"(",instance_type="gpu")" + more);
}

}  // namespace understudy
