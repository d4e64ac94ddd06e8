#include "services/rendering/report_text.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include "services/projection/wording.hpp"
#include "services/rendering/output.hpp"

namespace understudy {
namespace {

void line(std::ostream& out, std::string_view title, const std::string& value) {
  std::string padded(title);
  padded.resize(std::max<std::size_t>(28, padded.size() + 1), ' ');
  out << "  " << padded << value << '\n';
}

std::string dollars(std::uint64_t micros) {
  return money_text(static_cast<std::int64_t>(micros));
}

void write_variant(std::ostream& out, const VariantReport& variant) {
  out << "\n  Variant " << variant.name << ", observed for "
      << duration_text(variant.observed_ms) << '\n';
  line(out, "At wanted capacity, ready", share_text(variant.ready_enough_ppm));
  line(out, "At wanted capacity, held", share_text(variant.held_enough_ppm));
  line(out, "Mean wanted, ready",
       milli_text(variant.mean_wanted_milli) + ", " +
           milli_text(variant.mean_ready_milli));
  line(out, "Mean shortfall", milli_text(variant.mean_shortfall_milli));
  std::string below = std::to_string(variant.times_below) + " times";
  if (variant.times_below != 0) {
    below += ", at longest " + duration_text(variant.longest_below_ms) +
             " from " + time_text(variant.longest_below_from);
  }
  line(out, "Below wanted", below);
}

void write_pools(std::ostream& out, const EndpointReport& report) {
  Table table({"POOL", "PRIORITY", "TYPE", "MARKET", "INSTANCE-HOURS", "SHARE",
               "CALLS", "ASKED", "GRANTED", "COST"});
  for (const PoolReport& pool : report.pools) {
    table.add({pool.variant + '/' + pool.pool, std::to_string(pool.priority),
               pool.instance_type, std::string(name_of(pool.market)),
               hours_text(pool.instance_ms), share_text(pool.share_ppm),
               grouped(pool.launch_calls), grouped(pool.instances_asked),
               grouped(pool.instances_granted), dollars(pool.cost_micros)});
  }
  if (table.empty()) return;
  out << "\n  Pools\n";
  table.write(out, "  ");
}

void write_priorities(std::ostream& out, const EndpointReport& report) {
  if (report.priorities.empty()) return;
  out << "\n  Priorities\n";
  Table table({"PRIORITY", "INSTANCE-HOURS", "SHARE", "COST"});
  for (const PriorityReport& one : report.priorities) {
    table.add({std::to_string(one.priority), hours_text(one.instance_ms),
               share_text(one.share_ppm), dollars(one.cost_micros)});
  }
  table.write(out, "  ");
}

void write_refusals(std::ostream& out, const EndpointReport& report) {
  Table table({"REFUSALS BY", "ZONE", "KIND", "CALLS", "INSTANCES"});
  for (const PoolReport& pool : report.pools) {
    for (const RefusalCount& one : pool.refusals) {
      table.add({pool.variant + '/' + pool.pool, one.offering.zone,
                 std::string(name_of(one.kind)), grouped(one.calls),
                 grouped(one.instances)});
    }
  }
  if (table.empty()) return;
  out << '\n';
  table.write(out, "  ");
}

void write_events(std::ostream& out, const EventCounts& events) {
  out << "\n  Events\n";
  line(out, "Fallbacks",
       grouped(events.fallbacks) + ", of " +
           counted(events.fallback_instances, "instance"));
  line(out, "All pools refused", grouped(events.pools_exhausted));
  line(out, "Provisioning timed out", grouped(events.provisioning_timeouts));
  line(out, "Scale-outs, scale-ins",
       grouped(events.scale_outs) + ", " + grouped(events.scale_ins));
  line(out, "Replacements", grouped(events.replacements));
  line(out, "Returns to preferred", grouped(events.returns_to_preferred));
  line(out, "Lost, reclaimed",
       grouped(events.instances_lost) + ", " +
           grouped(events.instances_reclaimed));
  line(out, "Unhealthy, failed starts",
       grouped(events.instances_unhealthy) + ", " +
           grouped(events.failed_starts));
  line(out, "Commands refused", grouped(events.commands_refused));
}

void write_endpoint(std::ostream& out, const EndpointReport& report) {
  out << "\nEndpoint " << report.name << ", " << name_of(report.status) << '\n';
  line(out, "Created", time_text(report.created_at));
  line(out, "Time to in service",
       report.in_service_at.us == 0
           ? "<none>"
           : duration_text(report.time_to_in_service_ms));
  line(out, "Instance time", hours_text(report.instance_ms) + " h");
  line(out, "Cost", dollars(report.cost_micros));
  const std::int64_t above = report.cost_above_preferred_micros;
  line(out, "Cost above preferred",
       above >= 0 ? money_text(above)
                  : "none: " + money_text(-above) +
                        " saved against the preferred pool");
  for (const VariantReport& variant : report.variants)
    write_variant(out, variant);
  write_pools(out, report);
  write_priorities(out, report);
  write_refusals(out, report);
  write_events(out, report.events);
}

}  // namespace

void write_report(std::ostream& out, const Report& report) {
  out << "From " << time_text(report.from) << " to " << time_text(report.to)
      << " (" << duration_text(ms_between(report.from, report.to)) << "), "
      << counted(report.records, "record") << '\n';
  for (const EndpointReport& one : report.endpoints)
    write_endpoint(out, one);
}

}  // namespace understudy
