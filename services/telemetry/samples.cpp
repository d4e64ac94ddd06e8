#include "services/telemetry/samples.hpp"

#include <limits>

#include "actors/core/check.hpp"

namespace understudy::telemetry {
namespace {

prometheus::MetricType type_of(FamilyType type) {
  switch (type) {
    case FamilyType::counter:
      return prometheus::MetricType::Counter;
    case FamilyType::histogram:
      return prometheus::MetricType::Histogram;
    case FamilyType::gauge:
      break;
  }
  return prometheus::MetricType::Gauge;
}

}  // namespace

Samples::Samples(Family id) : spec_(spec_of(id)) {
  family_.name = spec_.name;
  family_.help = spec_.help;
  family_.type = type_of(spec_.type);
}

void Samples::add(double value, Values labels) {
  auto& metric = next(labels);
  if (spec_.type == FamilyType::counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
}

void Samples::add(const Buckets& value, Values labels) {
  auto& histogram = next(labels).histogram;
  histogram.sample_count = value.count;
  histogram.sample_sum = value.sum;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i <= spec_.buckets.size(); ++i) {
    if (i < value.counts.size()) sum += value.counts[i];
    const double bound = i < spec_.buckets.size()
                             ? spec_.buckets[i]
                             : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({sum, bound});
  }
}

prometheus::ClientMetric& Samples::next(Values labels) {
  UNDERSTUDY_CHECK(labels.size() == spec_.labels.size());
  auto& metric = family_.metric.emplace_back();
  metric.label.reserve(labels.size());
  auto name = spec_.labels.begin();
  for (const std::string_view value : labels)
    metric.label.push_back({std::string(*name++), std::string(value)});
  return metric;
}

}  // namespace understudy::telemetry
