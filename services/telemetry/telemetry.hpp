#pragma once

/// What Prometheus is told. Every family's name, help and stability stand in
/// one table (families.cpp); docs and tests are checked against it.
///
/// Thread safety: all calls from any thread; `see` from one at a time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "services/control/control_plane.hpp"

namespace understudy {

class Telemetry {
 public:
  /// `version` goes into understudy_build_info; so many endpoints at most
  /// have series of their own.
  Telemetry(const std::string& version, std::size_t max_endpoints);
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  /// Every record of the log, and the view after it. Counters count records
  /// after `from` only: what this process saw happen.
  void see(const Record& record, const FleetView& view, std::uint64_t from);

  /// One commit of the log.
  void committed(std::int64_t duration_us, std::uint64_t records,
                 std::uint64_t bytes);
  /// A finished HTTP request; `route` as the API's description names it.
  void served(const std::string& route, const std::string& method, int status,
              std::int64_t duration_us);
  /// The same stream again changes nothing.
  void stream_stopped(const StreamId& stream);

  /// The text of /metrics, with gauges as they are now.
  [[nodiscard]] std::string text(ControlPlane& plane, std::size_t followers);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace understudy
