#include "services/projection/statistics.hpp"

#include <algorithm>

#include "services/projection/bill.hpp"

namespace understudy {
namespace {

/// `part` of `whole` in parts per `scale`, rounded to the nearest. Divides
/// first what would overflow: `scale` is at most a million.
std::uint64_t share(std::int64_t part, std::int64_t whole,
                    std::uint64_t scale) {
  if (whole <= 0 || part <= 0) return 0;
  const Wide scaled =
      static_cast<Wide>(part) * scale + static_cast<Wide>(whole) / 2;
  return static_cast<std::uint64_t>(scaled / static_cast<Wide>(whole));
}

}  // namespace

void Statistics::see(const Record& record) {
  if (view_.records() == 0) first_ = record.time;
  const std::string_view name = record.stream.endpoint_name();
  auto found = endpoints_.find(name);
  if (found == endpoints_.end()) {
    found = endpoints_.emplace(std::string(name), EndpointCounts{}).first;
  }
  EndpointCounts& counts = found->second;
  if (record.time > counts.since) {
    integrate(view_.find(name), counts, record.time);
  }
  view_.see(record);
  if (inside(record.time)) counts.events.count(record.stream, record.event);
}

void Statistics::integrate(const EndpointHistory* history,
                           EndpointCounts& counts, Instant until) const {
  const Instant since = std::exchange(counts.since, until);
  if (history == nullptr) return;
  const EndpointView& view = history->endpoint;
  if (view.status != EndpointStatus::in_service) return;
  const Instant from = std::max({since, from_, view.in_service_at});
  const Instant to = std::min(until, to_);
  if (from >= to) return;
  for (const VariantView& variant : view.variants)
    integrate(variant, counts.variants[variant.name], from, to);
}

void Statistics::integrate(const VariantView& variant, Integral& into,
                           Instant from, Instant to) {
  const std::int64_t us = to.us - from.us;
  into.observed_us += us;
  into.wanted_us += us * variant.desired;
  into.ready_us += us * variant.ready;
  if (variant.held >= variant.desired) into.held_enough_us += us;
  if (variant.ready >= variant.desired) {
    into.ready_enough_us += us;
    into.below_since = {};
    return;
  }
  into.shortfall_us += us * (variant.desired - variant.ready);
  if (into.below_since.us == 0) {
    into.below_since = from;
    ++into.times_below;
  }
  const std::int64_t lasted_us = to.us - into.below_since.us;
  if (lasted_us > into.longest_us) {
    into.longest_us = lasted_us;
    into.longest_from = into.below_since;
  }
}

Report Statistics::report() const {
  Report report;
  report.records = view_.records();
  report.from = std::max(from_, first_);
  report.to = std::max(std::min(to_, view_.time()), report.from);
  for (const auto& [name, history] : view_.endpoints()) {
    if (history.endpoint.created_at.us == 0) continue;
    const auto counts = endpoints_.find(name);
    report.endpoints.push_back(report_on(history, counts->second, report.to));
  }
  return report;
}

EndpointReport Statistics::report_on(const EndpointHistory& history,
                                     EndpointCounts counts, Instant end) const {
  if (end > counts.since) integrate(&history, counts, end);
  const EndpointView& view = history.endpoint;
  EndpointReport report;
  report.name = view.name;
  report.status = view.status;
  report.created_at = view.created_at;
  report.in_service_at = view.in_service_at;
  if (view.in_service_at.us != 0) {
    report.time_to_in_service_ms =
        ms_between(view.created_at, view.in_service_at);
  }
  for (const auto& [name, sum] : counts.variants) {
    const std::int64_t whole = sum.observed_us;
    report.variants.push_back(
        {name, whole / 1000, share(sum.ready_enough_us, whole, 1'000'000),
         share(sum.held_enough_us, whole, 1'000'000),
         share(sum.wanted_us, whole, 1000), share(sum.ready_us, whole, 1000),
         share(sum.shortfall_us, whole, 1000), sum.times_below,
         sum.longest_us / 1000, sum.longest_from});
  }
  report.events = counts.events.events();
  Bill bill(history, from_, end);
  bill.add_counts(counts.events.pools());
  bill.write(report);
  return report;
}

}  // namespace understudy
