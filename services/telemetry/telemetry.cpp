#include "services/telemetry/telemetry.hpp"

#include "services/telemetry/exposition.hpp"

namespace understudy {

using telemetry::DaemonNow;
using telemetry::ShownFleet;

static_assert(names_of(Phase{}) == telemetry::phases);

struct Telemetry::Inside {
  telemetry::Exposition exposition;
};

Telemetry::Telemetry(const std::string& version, std::size_t max_endpoints)
    : inside_(new Inside{telemetry::Exposition(version, max_endpoints)}) {}

Telemetry::~Telemetry() = default;

void Telemetry::see(const Record& record, const FleetView& view,
                    std::uint64_t from) {
  inside_->exposition.see(record, view, from);
}

void Telemetry::committed(std::int64_t duration_us, std::uint64_t records,
                          std::uint64_t bytes) {
  inside_->exposition.daemon().committed(duration_us, records, bytes);
}

void Telemetry::served(const std::string& route, const std::string& method,
                       int status, std::int64_t duration_us) {
  inside_->exposition.daemon().served({route, method, status, duration_us});
}

void Telemetry::stream_stopped(const StreamId& stream) {
  inside_->exposition.daemon().stream_stopped(stream);
}

std::string Telemetry::text(ControlPlane& plane, std::size_t followers) {
  const Readiness readiness = plane.readiness();
  const PartitionLoad load = plane.load();
  DaemonNow daemon;
  daemon.phase = name_of(readiness.phase);
  if (readiness.total > readiness.seen) {
    daemon.behind = readiness.total - readiness.seen;
  }
  daemon.waiting_inputs = load.waiting_inputs;
  daemon.live_actors = load.live_actors;
  daemon.commands = plane.commands_under_way();
  daemon.followers = followers;
  daemon.recovery_time = plane.recovery_time();
  daemon.kafka = plane.kafka();
  const Instant now = plane.now();
  const ShownFleet fleet =
      plane.follower().with_view([&](const FleetView& view) {
        return inside_->exposition.show(daemon, view, now);
      });
  return inside_->exposition.text(daemon, fleet);
}

}  // namespace understudy
