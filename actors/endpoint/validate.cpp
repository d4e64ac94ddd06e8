#include "actors/endpoint/validate.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "actors/core/ids.hpp"
#include "actors/endpoint/reasons.hpp"
#include "actors/endpoint/text.hpp"

namespace understudy::endpoint {
namespace {

constexpr std::string_view name_rule =
    "1 to 63 letters, digits and inner hyphens";
constexpr std::string_view pool_name_rule =
    "1 to 63 letters, digits and inner hyphens, dots and underscores";
constexpr std::string_view variable_rule =
    "1 to 256 letters, digits and underscores, no digit first and not "
    "UNDERSTUDY_, which is the provider's";
constexpr std::string_view path_rule =
    "'/' and up to 255 printable ASCII characters without blanks, quotes, "
    "backslashes, '?' and '#'";
constexpr std::uint32_t second_ms = 1'000;
constexpr std::uint32_t hour_ms = 3'600 * second_ms;
constexpr std::uint32_t day_ms = 24 * hour_ms;

bool valid_variable(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && name.size() <= limits::variable_name &&
         letter(name.front()) && !name.starts_with("UNDERSTUDY_") &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return letter(c) || (c >= '0' && c <= '9');
         });
}

bool valid_path(std::string_view path) {
  static constexpr std::string_view excluded = "\"'`\\?#";
  return path.starts_with('/') && path.size() <= limits::path &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return c > ' ' && c <= '~' &&
                  excluded.find(c) == std::string_view::npos;
         });
}

/// Collects what is wrong below one place of the specification.
class Check {
 public:
  Check(std::vector<Violation>& found, std::string path)
      : found_(found), path_(std::move(path)) {}

  [[nodiscard]] Check below(std::string_view field) const {
    return {found_, at(field)};
  }

  [[nodiscard]] Check below(std::string_view list, std::size_t index) const {
    return {found_, at(list) + '[' + std::to_string(index) + ']'};
  }

  void wrong(std::string_view reason, std::string_view field,
             std::string_view value, std::string accepted) const {
    found_.push_back({reason, at(field), shown(value), std::move(accepted)});
  }

  void name(std::string_view field, std::string_view value) const {
    if (valid_name(value)) return;
    wrong(reasons::invalid_name, field, value, std::string(name_rule));
  }

  void pool_name(std::string_view field, std::string_view value) const {
    if (valid_pool_name(value)) return;
    wrong(reasons::invalid_name, field, value, std::string(pool_name_rule));
  }

  void text(std::string_view field, std::string_view value) const {
    const bool clean = std::all_of(value.begin(), value.end(), [](char c) {
      return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    });
    if (clean && value.size() <= limits::text) return;
    wrong(reasons::invalid_text, field, value,
          "up to " + std::to_string(limits::text) +
              " bytes without control characters");
  }

  /// Empty: the default.
  void path(std::string_view field, std::string_view value) const {
    if (value.empty() || valid_path(value)) return;
    wrong(reasons::invalid_path, field, value, std::string(path_rule));
  }

  void range(std::string_view field, std::uint64_t value, std::uint64_t low,
             std::uint64_t high) const {
    if (value >= low && value <= high) return;
    wrong(reasons::out_of_range, field, std::to_string(value),
          std::to_string(low) + " to " + std::to_string(high));
  }

  /// False when the number of entries is wrong: then look no further.
  bool entries(std::string_view field, std::size_t count, std::size_t limit,
               std::string_view none, std::string_view many) const {
    if (count >= 1 && count <= limit) return true;
    wrong(count == 0 ? none : many, field, std::to_string(count) + " entries",
          "1 to " + std::to_string(limit) + " entries");
    return false;
  }

  void unique(std::string_view reason, std::string_view field,
              std::string_view value, bool is_new) const {
    if (is_new) return;
    wrong(reason, field, value, "a value that no earlier entry has");
  }

 private:
  [[nodiscard]] std::string at(std::string_view field) const {
    if (path_.empty()) return std::string(field);
    return field.empty() ? path_ : path_ + '.' + std::string(field);
  }

  std::vector<Violation>& found_;
  std::string path_;
};

void check_zones(const Check& check, const PoolSpec& pool) {
  if (!check.entries("zones", pool.zones.size(), limits::zones,
                     reasons::empty_zones, reasons::too_many_zones)) {
    return;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < pool.zones.size(); ++i) {
    const Check zone = check.below("zones", i);
    zone.pool_name("", pool.zones[i]);
    zone.unique(reasons::duplicate_zone, "", pool.zones[i],
                seen.insert(pool.zones[i]).second);
  }
}

void check_pool(const Check& check, const PoolSpec& pool) {
  check.pool_name("name", pool.name);
  check.pool_name("instance_type", pool.instance_type);
  check_zones(check, pool);
  check.range("priority", pool.priority, 1, limits::priority);
  check.range("max_concurrency", pool.max_concurrency, 1, limits::concurrency);
  check.range("price_micros_per_hour", pool.price_micros_per_hour, 0,
              limits::price_micros);
  check.text("model_override", pool.model_override);
  check.text("quota_family", pool.quota_family);
}

void check_pools(const Check& check, const VariantSpec& variant) {
  if (!check.entries("pools", variant.pools.size(), limits::pools,
                     reasons::empty_pools, reasons::too_many_pools)) {
    return;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < variant.pools.size(); ++i) {
    const Check pool = check.below("pools", i);
    check_pool(pool, variant.pools[i]);
    pool.unique(reasons::duplicate_pool, "name", variant.pools[i].name,
                seen.insert(variant.pools[i].name).second);
  }
}

void check_targets(const Check& check, const ScalingPolicy& scaling) {
  constexpr std::uint32_t most_in_flight = 1'000'000'000;
  if (scaling.targets.empty()) {
    check.wrong(reasons::empty_targets, "targets", "0 entries",
                "at least one target when scaling is enabled");
  }
  std::set<ScalingMetric> seen;
  for (std::size_t i = 0; i < scaling.targets.size(); ++i) {
    const ScalingTarget& target = scaling.targets[i];
    const Check at = check.below("targets", i);
    if (target.metric == ScalingMetric::weighted_utilisation) {
      at.range("target_milli", target.target_milli, 50, 1'000);
    } else {
      at.range("target_milli", target.target_milli, 1, most_in_flight);
    }
    at.unique(reasons::duplicate_target, "metric", name_of(target.metric),
              seen.insert(target.metric).second);
    if (seen.size() <= i) return;
  }
}

void check_environment(const Check& check, const VariantSpec& variant) {
  const auto& all = variant.environment;
  if (all.size() > limits::variables) {
    return check.wrong(
        reasons::too_many_variables, "environment",
        std::to_string(all.size()) + " entries",
        "0 to " + std::to_string(limits::variables) + " entries");
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Check at = check.below("environment", i);
    if (!valid_variable(all[i].name)) {
      at.wrong(reasons::invalid_name, "name", all[i].name,
               std::string(variable_rule));
    }
    const std::string& value = all[i].value;
    if (value.size() > limits::variable_value ||
        value.find('\0') != std::string::npos) {
      at.wrong(reasons::invalid_text, "value", value,
               "up to " + std::to_string(limits::variable_value) +
                   " bytes without NUL");
    }
    at.unique(reasons::duplicate_variable, "name", all[i].name,
              seen.insert(all[i].name).second);
  }
}

/// The fewest instances that scaling may lead to. Builds before there was an
/// `invocations_path` did not scale to none: what they refused is refused
/// when it is verified, and theirs alone is stored without a path.
std::uint32_t fewest(const VariantSpec& variant) {
  return variant.invocations_path.empty() ? 1 : 0;
}

void check_scaling(const Check& check, const VariantSpec& variant) {
  const ScalingPolicy& scaling = variant.scaling;
  if (!scaling.enabled) return;
  check.range("min_count", scaling.min_count, fewest(variant),
              limits::instances);
  check.range("max_count", scaling.max_count,
              std::max(1U, std::min(scaling.min_count, limits::instances)),
              limits::instances);
  check_targets(check, scaling);
  check.range("tolerance_milli", scaling.tolerance_milli, 0, 999);
  check.range("window_ms", scaling.window_ms, second_ms, hour_ms);
  check.range("scale_out_windows", scaling.scale_out_windows, 1, 1'000);
  check.range("scale_in_windows", scaling.scale_in_windows, 1, 1'000);
  check.range("scale_out_cooldown_ms", scaling.scale_out_cooldown_ms, 0,
              day_ms);
  check.range("scale_in_cooldown_ms", scaling.scale_in_cooldown_ms, 0, day_ms);
  check.range("max_step_out", scaling.max_step_out, 1, limits::instances);
  check.range("max_step_in", scaling.max_step_in, 1, limits::instances);
}

void check_health(const Check& check, const HealthPolicy& health) {
  check.range("probe_interval_ms", health.probe_interval_ms, 100, hour_ms);
  check.range("healthy_threshold", health.healthy_threshold, 1, 100);
  check.range("unhealthy_threshold", health.unhealthy_threshold, 1, 100);
  check.range("startup_timeout_ms", health.startup_timeout_ms, second_ms,
              day_ms);
  check.range("drain_timeout_ms", health.drain_timeout_ms, 0, day_ms);
  check.range("max_start_failures", health.max_start_failures, 0, 100);
  check.path("ping_path", health.ping_path);
  check.range("probe_timeout_ms", health.probe_timeout_ms, 0, hour_ms);
}

void check_variant(const Check& check, const VariantSpec& variant) {
  check.name("name", variant.name);
  check.text("model", variant.model);
  const ScalingPolicy& scaling = variant.scaling;
  const bool bounded =
      scaling.enabled && scaling.min_count >= fewest(variant) &&
      scaling.max_count >= 1 && scaling.min_count <= scaling.max_count &&
      scaling.max_count <= limits::instances;
  check.range("initial_count", variant.initial_count,
              bounded ? scaling.min_count : 1,
              bounded ? scaling.max_count : limits::instances);
  check.range("provision_timeout_s", variant.provision_timeout_s, 300, 3'600);
  check_pools(check, variant);
  check_scaling(check.below("scaling"), variant);
  check_health(check.below("health"), variant.health);
  const Check back = check.below("return_policy");
  back.range("dwell_ms", variant.return_policy.dwell_ms, 0, day_ms);
  back.range("interval_ms", variant.return_policy.interval_ms, second_ms,
             day_ms);
  const Check cool = check.below("cool_down");
  const CoolDownPolicy& policy = variant.cool_down;
  cool.range("base_ms", policy.base_ms, second_ms, day_ms);
  cool.range("cap_ms", policy.cap_ms,
             std::clamp(policy.base_ms, second_ms, day_ms), day_ms);
  check_environment(check, variant);
  check.path("invocations_path", variant.invocations_path);
}

}  // namespace

std::vector<Violation> validate(const EndpointSpec& spec) {
  std::vector<Violation> found;
  const Check check(found, "");
  check.name("name", spec.name);
  if (!check.entries("variants", spec.variants.size(), limits::variants,
                     reasons::empty_variants, reasons::too_many_variants)) {
    return found;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < spec.variants.size(); ++i) {
    const VariantSpec& variant = spec.variants[i];
    const Check at = check.below("variants", i);
    check_variant(at, variant);
    at.unique(reasons::duplicate_variant, "name", variant.name,
              seen.insert(variant.name).second);
  }
  return found;
}

EndpointSpec with_defaults(EndpointSpec spec) {
  for (VariantSpec& variant : spec.variants) {
    for (PoolSpec& pool : variant.pools) {
      if (pool.name.empty()) pool.name = pool.instance_type;
      if (pool.quota_family.empty()) {
        pool.quota_family =
            pool.instance_type + '/' + std::string(name_of(pool.market));
      }
    }
  }
  return spec;
}

}  // namespace understudy::endpoint
