#include "services/telemetry/gateway_figures.hpp"

#include <algorithm>
#include <limits>
#include <locale>
#include <sstream>
#include <utility>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace understudy::telemetry {
namespace {

const GatewayFamilySpec& spec_of(GatewayFamily id) {
  return gateway_families()[static_cast<std::size_t>(id)];
}

std::string code_class(const FinishedRequest& request) {
  if (request.aborted || request.status < 100) return "aborted";
  return std::to_string(request.status / 100) + "xx";
}

/// A family as the serialiser takes it.
class Written {
 public:
  explicit Written(const GatewayFamilySpec& spec) : spec_(spec) {
    family_.name = spec.name;
    family_.help = spec.help;
    family_.type =
        spec.type == FamilyType::counter     ? prometheus::MetricType::Counter
        : spec.type == FamilyType::histogram ? prometheus::MetricType::Histogram
                                             : prometheus::MetricType::Gauge;
  }

  prometheus::ClientMetric& next(const std::vector<std::string>& labels) {
    auto& metric = family_.metric.emplace_back();
    for (std::size_t i = 0; i < labels.size(); ++i)
      metric.label.push_back({std::string(spec_.labels[i]), labels[i]});
    return metric;
  }
  void add(const std::vector<std::string>& labels, double value) {
    auto& metric = next(labels);
    if (spec_.type == FamilyType::counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
  }

  [[nodiscard]] const prometheus::MetricFamily& family() const {
    return family_;
  }

 private:
  const GatewayFamilySpec& spec_;
  prometheus::MetricFamily family_;
};

void add_now(const GatewayNow& now, GatewayFamily id, Written& out) {
  switch (id) {
    case GatewayFamily::in_flight:
      for (const auto& [by, value] : now.in_flight) {
        out.add({by.endpoint, by.variant, by.pool, by.instance_type},
                static_cast<double>(value));
      }
      break;
    case GatewayFamily::queued:
      for (const auto& [endpoint, value] : now.queued)
        out.add({endpoint}, static_cast<double>(value));
      break;
    case GatewayFamily::ready:
      out.add({}, now.ready ? 1 : 0);
      break;
    case GatewayFamily::haproxy_starts:
      out.add({}, static_cast<double>(now.haproxy_starts));
      break;
    case GatewayFamily::haproxy_reloads:
      out.add({}, static_cast<double>(now.haproxy_reloads));
      break;
    case GatewayFamily::lines_dropped:
      out.add({}, static_cast<double>(now.lines_dropped));
      break;
    case GatewayFamily::records:
      out.add({}, static_cast<double>(now.records));
      break;
    case GatewayFamily::build_info:
      out.add({now.version}, 1);
      break;
    default:
      break;
  }
}

}  // namespace

void GatewayFigures::observe(GatewayFamily family, const Labels& labels,
                             double value) {
  if (value < 0) return;
  const auto& bounds = spec_of(family).buckets;
  Histogram& one = histograms_[family][labels];
  one.counts.resize(bounds.size() + 1);
  const auto at = std::lower_bound(bounds.begin(), bounds.end(), value);
  ++one.counts[static_cast<std::size_t>(at - bounds.begin())];
  ++one.count;
  one.sum += value;
}

void GatewayFigures::finished(const FinishedRequest& request) {
  const std::lock_guard lock(mutex_);
  const ServedBy& by = request.by;
  if (by.pool.empty()) {
    ++counters_[GatewayFamily::refused][{
        by.endpoint, request.status < 100 ? std::string("aborted")
                                          : std::to_string(request.status)}];
    return;
  }
  Labels labels{by.endpoint, by.variant, by.pool, by.instance_type};
  if (!request.aborted && request.status >= 100) {
    observe(GatewayFamily::model_latency, labels, request.model_s);
    observe(GatewayFamily::overhead_latency, labels,
            std::max(request.total_s - std::max(request.model_s, 0.0), 0.0));
  }
  observe(GatewayFamily::queue_time, {by.endpoint}, request.queue_s);
  labels.push_back(code_class(request));
  ++counters_[GatewayFamily::requests][labels];
}

void GatewayFigures::forget(const std::string& endpoint) {
  const std::lock_guard lock(mutex_);
  const auto of_it = [&](const auto& one) {
    return one.first.front() == endpoint;
  };
  for (auto& [family, values] : counters_)
    std::erase_if(values, of_it);
  for (auto& [family, values] : histograms_)
    std::erase_if(values, of_it);
}

std::string GatewayFigures::text(const GatewayNow& now) const {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  const prometheus::TextSerializer serializer;
  const std::lock_guard lock(mutex_);
  for (const GatewayFamilySpec& spec : gateway_families()) {
    Written written(spec);
    add_now(now, spec.id, written);
    if (const auto found = counters_.find(spec.id); found != counters_.end()) {
      for (const auto& [labels, value] : found->second)
        written.add(labels, static_cast<double>(value));
    }
    if (const auto found = histograms_.find(spec.id);
        found != histograms_.end()) {
      for (const auto& [labels, value] : found->second) {
        auto& histogram = written.next(labels).histogram;
        histogram.sample_count = value.count;
        histogram.sample_sum = value.sum;
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < value.counts.size(); ++i) {
          sum += value.counts[i];
          histogram.bucket.push_back(
              {sum, i < spec.buckets.size()
                        ? spec.buckets[i]
                        : std::numeric_limits<double>::infinity()});
        }
      }
    }
    if (!written.family().metric.empty())
      serializer.Serialize(out, {written.family()});
  }
  return std::move(out).str();
}

}  // namespace understudy::telemetry
