#include "services/telemetry/exposition.hpp"

#include <locale>
#include <sstream>
#include <utility>

#include <prometheus/text_serializer.h>

#include "services/telemetry/fleet_families.hpp"

namespace understudy::telemetry {

void Exposition::see(const Record& record, const FleetView& view,
                     std::uint64_t from) {
  fleet_.see(record, view, from);
  daemon_.see(record, view, from);
}

ShownFleet Exposition::show(const DaemonNow& daemon, const FleetView& view,
                            Instant now) {
  return fleet_.shown(view, now, daemon.phase == "ready");
}

/// One family at a time, so that a large fleet is in memory once as text and
/// never as a whole in the serialiser's own form.
std::string Exposition::text(const DaemonNow& daemon, const ShownFleet& fleet) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  const prometheus::TextSerializer serializer;
  const auto own = daemon_.collect(daemon);
  for (const auto& spec : families()) {
    const auto found = own.find(std::string(spec.name));
    if (found != own.end()) {
      serializer.Serialize(out, {found->second});
      continue;
    }
    Samples samples(spec.id);
    add_fleet(spec.id, fleet, samples);
    if (samples.family().metric.empty()) continue;
    serializer.Serialize(out, {samples.family()});
  }
  return std::move(out).str();
}

}  // namespace understudy::telemetry
