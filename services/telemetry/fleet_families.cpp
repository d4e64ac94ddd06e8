#include "services/telemetry/fleet_families.hpp"

#include <algorithm>

namespace understudy::telemetry {
namespace {

double seconds(std::int64_t us) { return static_cast<double>(us) / 1e6; }
double from_milli(std::uint64_t milli) {
  return static_cast<double>(milli) / 1e3;
}
double flag(bool value) { return value ? 1 : 0; }

constexpr std::size_t statuses = 5;  ///< Of instances that exist.
constexpr std::size_t lives = 4;     ///< Of endpoints that are not deleted.

/// Over all endpoints, those without series of their own included.
FleetSums sums_of(const ShownFleet& fleet) {
  FleetSums sums = fleet.others;
  for (const auto& one : fleet.endpoints)
    sums.add(*one.figures);
  return sums;
}

/// False when `id` is no family of the whole fleet.
bool add_sums(Family id, const ShownFleet& fleet, Samples& samples) {
  const auto add = [&samples](std::uint64_t value,
                              Samples::Values labels = {}) {
    samples.add(static_cast<double>(value), labels);
    return true;
  };
  switch (id) {
    case Family::endpoints: {
      const auto counts = sums_of(fleet).endpoints;
      for (std::size_t i = 0; i < lives; ++i)
        add(counts[i], {names_of(EndpointStatus{})[i]});
      return true;
    }
    case Family::fleet_instances: {
      const auto counts = sums_of(fleet).instances;
      for (std::size_t i = 0; i < statuses; ++i)
        add(counts[i], {names_of(InstanceStatus{})[i]});
      return true;
    }
    case Family::endpoints_without_series:
      return add(fleet.left_out);
    case Family::fleet_desired:
      return add(sums_of(fleet).desired);
    case Family::fleet_serving:
      return add(sums_of(fleet).serving);
    case Family::fleet_held:
      return add(sums_of(fleet).held);
    case Family::fleet_on_fallback:
      return add(sums_of(fleet).on_fallback);
    default:
      return false;
  }
}

class OfEndpoint {
 public:
  OfEndpoint(Family id, const ShownFleet& fleet, const ShownEndpoint& one,
             Samples& samples)
      : id_(id),
        fleet_(fleet),
        name_(one.name),
        figures_(*one.figures),
        samples_(samples) {}

  void add() {
    add_endpoint();
    for (const auto& [name, variant] : figures_.variants) {
      variant_ = name;
      if (variant.specified) {
        add_variant(variant);
        add_load(variant);
      }
      for (const auto& [pool_name, pool] : variant.pools) {
        pool_ = pool_name;
        type_ = pool.instance_type;
        add_pool(pool);
        add_kinds(pool);
      }
    }
  }

 private:
  void add_endpoint() {
    if (id_ == Family::endpoint_status) {
      for (std::size_t i = 0; i < lives; ++i) {
        samples_.add(flag(static_cast<std::size_t>(figures_.status) == i),
                     {name_, names_of(EndpointStatus{})[i]});
      }
    }
    if (id_ == Family::endpoint_condition) {
      for (const auto& [condition, status] : figures_.conditions)
        samples_.add(flag(status), {name_, condition});
    }
  }

  void add_variant(const VariantFigures& variant) {
    switch (id_) {
      case Family::instances_desired:
        return of_variant(variant.desired);
      case Family::instances_serving:
        return of_variant(variant.serving);
      case Family::instances_on_fallback:
        return of_variant(variant.on_fallback);
      case Family::pools_exhausted:
        return of_variant(variant.exhausted);
      case Family::provisioning_timeouts:
        return of_variant(variant.timeouts);
      case Family::time_to_capacity:
        return samples_.add(variant.time_to_capacity, {name_, variant_});
      case Family::scaling_decisions:
        of_variant(variant.decided_out, "out");
        return of_variant(variant.decided_in, "in");
      case Family::operations:
      case Family::deadline_remaining_seconds:
      case Family::deadline_remaining_ratio:
        return add_operations(variant);
      default:
        return;
    }
  }

  void add_operations(const VariantFigures& variant) {
    std::uint64_t waiting = 0;
    const OpenOperation* first = nullptr;
    for (const auto& [id, one] : variant.operations) {
      if (one.waiting) ++waiting;
      if (first == nullptr || one.deadline < first->deadline) first = &one;
    }
    if (id_ == Family::operations) {
      of_variant(variant.operations.size() - waiting, "open");
      of_variant(waiting, "waiting");
      return;
    }
    if (first == nullptr || first->deadline == Instant::never()) return;
    const double left =
        std::max(seconds(first->deadline.us - fleet_.now.us), 0.0);
    const double had = seconds(first->deadline.us - first->opened_at.us);
    if (id_ == Family::deadline_remaining_seconds) {
      samples_.add(left, {name_, variant_});
    } else if (had > 0) {
      samples_.add(std::min(left / had, 1.0), {name_, variant_});
    }
  }

  void add_load(const VariantFigures& variant) {
    if (!variant.load) return;
    const autoscaler::LoadObserved& load = *variant.load;
    const Samples::Values labels{name_, variant_};
    // A sum over some of the instances would read as less load than there is.
    const bool whole = load.reporting > 0 && load.reporting >= load.ready;
    switch (id_) {
      case Family::requests_in_flight:
        if (!whole) return;
        return samples_.add(from_milli(load.in_flight_milli), labels);
      case Family::requests_queued:
        return samples_.add(from_milli(load.queued_milli), labels);
      case Family::requests_per_instance:
        if (load.reporting == 0) return;
        return samples_.add(from_milli(load.in_flight_milli) / load.reporting,
                            labels);
      case Family::utilisation_weighted:
        if (!whole || load.capacity == 0) return;
        return samples_.add(from_milli(load.utilisation_milli), labels);
      case Family::load_age:
        return samples_.add(std::max(seconds(fleet_.now.us - load.to.us), 0.0),
                            labels);
      default:
        return;
    }
  }

  void add_pool(const PoolFigures& pool) {
    switch (id_) {
      case Family::instances:
        for (std::size_t i = 0; i < statuses; ++i)
          of_pool(pool.by_status[i], names_of(InstanceStatus{})[i]);
        return;
      case Family::instances_held:
        return of_pool(pool.held.value);
      case Family::pool_priority:
        return of_pool(pool.priority);
      case Family::pool_offerings:
        return of_pool(pool.offerings);
      case Family::pool_offerings_cooling:
        return of_pool(pool.cooling);
      case Family::launch_attempts:
        return of_pool(pool.attempts);
      case Family::instances_launched:
        return of_pool(pool.launched);
      case Family::instance_seconds:
        return samples_.add(
            seconds(pool.held.at(fleet_.integrated, fleet_.counting)),
            {name_, variant_, pool_, type_});
      default:
        return;
    }
  }

  void add_kinds(const PoolFigures& pool) {
    switch (id_) {
      case Family::instances_refused:
        return by_kind(pool.refused);
      case Family::capacity_refusals:
        return by_kind(pool.refusals);
      case Family::instances_left:
        for (std::size_t i = 0; i < pool.left.size(); ++i)
          of_pool(pool.left[i], names_of(endpoint::LeaveReason{})[i]);
        return;
      case Family::fallbacks:
        for (std::size_t i = 0; i < pool.fallbacks.size(); ++i) {
          if (!told(pool.fallbacks[i], i)) continue;
          samples_.add(static_cast<double>(pool.fallbacks[i]),
                       {name_, variant_, pool_, names_of(RefusalKind{})[i]});
        }
        return;
      default:
        return;
    }
  }

  /// Refusals for capacity are told from the start, so that the first one
  /// is an increase; other kinds once there was one.
  static bool told(std::uint64_t count, std::size_t kind) {
    return count > 0 || kind == static_cast<std::size_t>(RefusalKind::capacity);
  }

  void by_kind(const CountBy<RefusalKind>& counts) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (told(counts[i], i)) of_pool(counts[i], names_of(RefusalKind{})[i]);
    }
  }

  void of_variant(std::uint64_t value) {
    samples_.add(static_cast<double>(value), {name_, variant_});
  }
  void of_variant(std::uint64_t value, std::string_view more) {
    samples_.add(static_cast<double>(value), {name_, variant_, more});
  }
  void of_pool(std::uint64_t value) {
    samples_.add(static_cast<double>(value), {name_, variant_, pool_, type_});
  }
  void of_pool(std::uint64_t value, std::string_view more) {
    samples_.add(static_cast<double>(value),
                 {name_, variant_, pool_, type_, more});
  }

  const Family id_;
  const ShownFleet& fleet_;
  const std::string_view name_;
  const EndpointFigures& figures_;
  Samples& samples_;
  std::string_view variant_;
  std::string_view pool_;
  std::string_view type_;
};

}  // namespace

void add_fleet(Family id, const ShownFleet& fleet, Samples& samples) {
  if (add_sums(id, fleet, samples)) return;
  for (const auto& one : fleet.endpoints)
    OfEndpoint(id, fleet, one, samples).add();
}

}  // namespace understudy::telemetry
