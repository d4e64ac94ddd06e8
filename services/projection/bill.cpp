#include "services/projection/bill.hpp"

#include <algorithm>
#include <tuple>

namespace understudy {
namespace {

constexpr std::int64_t us_per_hour = 3'600'000'000;

std::int64_t micros(Wide cost) {
  return static_cast<std::int64_t>(cost / us_per_hour);
}

std::uint64_t ppm(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return 0;
  const Wide scaled = static_cast<Wide>(part) * 1'000'000 + whole / 2;
  return static_cast<std::uint64_t>(scaled / whole);
}

}  // namespace

Bill::Bill(const EndpointHistory& history, Instant from, Instant to) {
  std::map<std::string, std::uint64_t> preferred_price;
  for (const VariantView& variant : history.endpoint.variants) {
    for (const PoolView& pool : variant.pools) {
      PoolReport& report = line(variant.name, pool.spec.name).report;
      report.priority = pool.spec.priority;
      report.instance_type = pool.spec.instance_type;
      report.market = pool.spec.market;
    }
    if (variant.pools.empty()) continue;
    preferred_price[variant.name] =
        variant.pools.front().spec.price_micros_per_hour;
  }
  for (const auto& [id, instance] : history.instances) {
    if (instance.launched_at.us == 0) continue;
    const Instant ended = instance.ended_at.us == 0 ? to : instance.ended_at;
    const std::int64_t us =
        std::min(ended, to).us - std::max(instance.launched_at, from).us;
    if (us <= 0) continue;
    const auto best = preferred_price.find(instance.variant);
    add(instance, us,
        best == preferred_price.end() ? instance.price_micros_per_hour
                                      : best->second);
  }
}

Bill::Line& Bill::line(const std::string& variant, const std::string& pool) {
  Line& found = lines_[{variant, pool}];
  found.report.variant = variant;
  found.report.pool = pool;
  return found;
}

void Bill::add(const InstanceView& instance, std::int64_t us,
               std::uint64_t preferred_price) {
  Line& one = line(instance.variant, instance.pool);
  if (one.report.instance_type.empty()) {
    one.report.instance_type = instance.offering.instance_type;
    one.report.market = instance.offering.market;
  }
  one.instance_us += us;
  one.cost += static_cast<Wide>(us) * instance.price_micros_per_hour;
  one.preferred_cost += static_cast<Wide>(us) * preferred_price;
}

void Bill::add_counts(const std::map<PoolKey, PoolCounts>& counts) {
  for (const auto& [key, counted] : counts) {
    PoolReport& report = line(key.first, key.second).report;
    report.launch_calls = counted.calls;
    report.instances_asked = counted.asked;
    report.instances_granted = counted.granted;
    for (const auto& [refusal, count] : counted.refusals)
      report.refusals.push_back(count);
  }
}

void Bill::write(EndpointReport& report) const {
  std::int64_t whole = 0;
  for (const auto& [key, one] : lines_)
    whole += one.instance_us;
  std::map<std::uint32_t, std::int64_t> per_priority;
  std::map<std::uint32_t, std::uint64_t> cost_per_priority;
  std::int64_t preferred_cost = 0;
  for (const auto& [key, one] : lines_) {
    PoolReport pool = one.report;
    pool.instance_ms = one.instance_us / 1000;
    pool.share_ppm = ppm(one.instance_us, whole);
    pool.cost_micros = static_cast<std::uint64_t>(micros(one.cost));
    preferred_cost += micros(one.preferred_cost);
    report.cost_micros += pool.cost_micros;
    per_priority[pool.priority] += one.instance_us;
    cost_per_priority[pool.priority] += pool.cost_micros;
    report.pools.push_back(std::move(pool));
  }
  std::stable_sort(report.pools.begin(), report.pools.end(),
                   [](const PoolReport& a, const PoolReport& b) {
                     return std::tie(a.variant, a.priority) <
                            std::tie(b.variant, b.priority);
                   });
  for (const auto& [priority, us] : per_priority) {
    report.priorities.push_back(
        {priority, us / 1000, ppm(us, whole), cost_per_priority[priority]});
  }
  report.instance_ms = whole / 1000;
  report.cost_above_preferred_micros =
      static_cast<std::int64_t>(report.cost_micros) - preferred_cost;
}

}  // namespace understudy
