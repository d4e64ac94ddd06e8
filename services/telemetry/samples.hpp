#pragma once

/// Families as the serialiser of prometheus-cpp takes them.
///
/// Thread safety: none.

#include <initializer_list>
#include <string>
#include <string_view>

#include <prometheus/metric_family.h>

#include "services/telemetry/buckets.hpp"

namespace understudy::telemetry {

/// One family, to be filled. Values of labels come in the table's order.
class Samples {
 public:
  using Values = std::initializer_list<std::string_view>;

  explicit Samples(Family id);

  void add(double value, Values labels);
  void add(const Buckets& value, Values labels);

  [[nodiscard]] const prometheus::MetricFamily& family() const {
    return family_;
  }

 private:
  prometheus::ClientMetric& next(Values labels);

  const FamilySpec& spec_;
  prometheus::MetricFamily family_;
};

}  // namespace understudy::telemetry
