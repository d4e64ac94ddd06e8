#include "services/telemetry/endpoint_figures.hpp"

#include <algorithm>

namespace understudy::telemetry {
namespace {

template <class E>
std::uint64_t& of(CountBy<E>& counts, E value) {
  return counts[std::min(static_cast<std::size_t>(value), counts.size() - 1)];
}

class Count {
 public:
  Count(EndpointFigures& figures, const Record& record, const Moment& moment)
      : figures_(figures),
        stream_(record.stream),
        at_(record.time),
        one_(moment.counts ? 1 : 0) {}

  template <class Event>
  void operator()(const Event&) {}

  void operator()(const endpoint::OperationOpened& e) {
    variant(e.variant).operations[e.operation] = {at_, e.deadline,
                                                  e.not_before > at_};
  }

  void operator()(const endpoint::InstanceRequested& e) {
    wait(e.variant, e.operation, false);
  }

  void operator()(const endpoint::FallbackChosen& e) {
    of(figures_.pool(e.variant, e.to).fallbacks, e.cause) += one_;
  }

  void operator()(const endpoint::PoolsExhausted& e) {
    variant(e.variant).exhausted += one_;
    wait(e.variant, e.operation, true);
  }

  void operator()(const endpoint::OperationCompleted& e) {
    VariantFigures& done = variant(e.variant);
    done.operations.erase(e.operation);
    // What was not wanted any more took no time to get.
    if (one_ == 0 || e.granted == 0) return;
    done.time_to_capacity.observe(spec_of(Family::time_to_capacity),
                                  static_cast<double>(e.elapsed_ms) / 1e3);
  }

  void operator()(const endpoint::ProvisioningTimedOut& e) {
    variant(e.variant).timeouts += one_;
    variant(e.variant).operations.erase(e.operation);
  }

  void operator()(const endpoint::InstanceLeft& e) {
    of(figures_.pool(e.variant, e.pool).left, e.reason) += one_;
  }

  void operator()(const pool::LaunchAttempted&) { pool().attempts += one_; }

  void operator()(const pool::InstanceLaunched& e) {
    pool().launched += one_ * e.instances.size();
  }

  void operator()(const pool::LaunchRefused& e) {
    of(pool().refused, e.kind) += one_ * e.count;
    of(pool().refusals, e.kind) += one_;
  }

  void operator()(const pool::LaunchDeferred&) {
    of(pool().refusals, RefusalKind::throttled) += one_;
  }

  void operator()(const pool::LaunchUnconfirmed&) {
    of(pool().refusals, RefusalKind::unknown) += one_;
  }

  void operator()(const autoscaler::LoadObserved& e) {
    const bool metered = e.reporting > 0 || e.queued_milli > 0;
    VariantFigures& seen = variant(std::string(stream_.part(1)));
    seen.load = metered ? std::optional(e) : std::nullopt;
  }

  void operator()(const autoscaler::AutoscalerStopped&) {
    variant(std::string(stream_.part(1))).load.reset();
  }

  void operator()(const autoscaler::ScalingDecided& e) {
    VariantFigures& scaled = variant(std::string(stream_.part(1)));
    (e.desired > e.from ? scaled.decided_out : scaled.decided_in) += one_;
  }

 private:
  VariantFigures& variant(const std::string& name) {
    return figures_.variants[name];
  }

  /// Of a pool's own stream.
  PoolFigures& pool() {
    return figures_.pool(std::string(stream_.part(1)),
                         std::string(stream_.part(2)));
  }

  void wait(const std::string& name, OperationId id, bool waiting) {
    auto& open = variant(name).operations;
    const auto found = open.find(id);
    if (found != open.end()) found->second.waiting = waiting;
  }

  EndpointFigures& figures_;
  const StreamId& stream_;
  const Instant at_;
  const std::uint64_t one_;
};

void refresh_pool(PoolFigures& figures, const PoolView& view) {
  figures.specified = true;
  figures.instance_type = view.spec.instance_type;
  figures.priority = view.spec.priority;
  figures.offerings = static_cast<std::uint32_t>(view.offerings.size());
  figures.cooling = static_cast<std::uint32_t>(std::count_if(
      view.offerings.begin(), view.offerings.end(),
      [](const OfferingView& one) { return one.cooling_until.us != 0; }));
}

void take_held(EndpointFigures& figures, const EndpointHistory& history,
               const Moment& moment) {
  for (const VariantView& variant : history.endpoint.variants) {
    for (const PoolView& pool : variant.pools) {
      Integral& held = figures.pool(variant.name, pool.spec.name).held;
      if (held.value != pool.held) {
        held.become(pool.held, moment.at, moment.counting);
      }
    }
  }
}

/// An update took it away, and nothing of it is left.
bool is_gone(const std::pair<const std::string, PoolFigures>& one) {
  return !one.second.specified &&
         std::all_of(one.second.by_status.begin(), one.second.by_status.end(),
                     [](std::uint64_t count) { return count == 0; });
}

}  // namespace

void Integral::become(std::uint32_t now_value, Instant now, Instant counting) {
  sum_us = at(now, counting);
  since = std::max(since, now);
  value = now_value;
}

std::int64_t Integral::at(Instant now, Instant counting) const {
  const Instant begin = std::max(since, counting);
  return now > begin ? sum_us + value * (now.us - begin.us) : sum_us;
}

void FleetSums::add(const FleetSums& more) {
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    endpoints[i] += more.endpoints[i];
  for (std::size_t i = 0; i < instances.size(); ++i)
    instances[i] += more.instances[i];
  desired += more.desired;
  serving += more.serving;
  held += more.held;
  on_fallback += more.on_fallback;
}

void FleetSums::add(const EndpointFigures& one) {
  ++of(endpoints, one.status);
  for (const auto& [name, variant] : one.variants) {
    if (variant.specified) {
      desired += variant.desired;
      serving += variant.serving;
      on_fallback += variant.on_fallback;
    }
    for (const auto& [pool_name, pool] : variant.pools) {
      held += pool.held.value;
      for (std::size_t i = 0; i < instances.size(); ++i)
        instances[i] += pool.by_status[i];
    }
  }
}

void begin(EndpointFigures& figures, const EndpointHistory& history,
           const Moment& moment) {
  take_held(figures, history, moment);
  for (const auto& [id, one] : history.operations) {
    if (one.status > OperationStatus::waiting) continue;
    figures.variants[one.variant].operations[id] = {
        one.opened_at, one.deadline, one.status == OperationStatus::waiting};
  }
}

void count(EndpointFigures& figures, const Record& record,
           const EndpointHistory& history, const Moment& moment) {
  std::visit(Count(figures, record, moment), record.event);
  if (record.stream.kind() == ActorKind::endpoint)
    take_held(figures, history, moment);
}
void refresh(EndpointFigures& figures, const EndpointHistory& history) {
  const EndpointView& view = history.endpoint;
  figures.status = view.status;
  figures.conditions.clear();
  for (const Condition& one : view.conditions)
    figures.conditions.emplace_back(one.type, one.status);
  for (auto& [name, variant] : figures.variants) {
    variant.specified = false;
    variant.on_fallback = 0;
    for (auto& [pool_name, pool] : variant.pools) {
      pool.specified = false;
      pool.by_status = {};
    }
  }
  for (const VariantView& variant : view.variants) {
    VariantFigures& shown = figures.variants[variant.name];
    shown.specified = true;
    shown.desired = variant.desired;
    shown.serving = variant.ready;
    for (const PoolView& pool : variant.pools) {
      refresh_pool(shown.pools[pool.spec.name], pool);
      if (pool.spec.priority != variant.pools.front().spec.priority) {
        shown.on_fallback += pool.held;
      }
    }
  }
  for (const auto& [id, instance] : history.instances) {
    if (instance.status >= InstanceStatus::terminated) continue;
    PoolFigures& pool = figures.pool(instance.variant, instance.pool);
    if (pool.instance_type.empty()) {
      pool.instance_type = instance.offering.instance_type;
    }
    ++of(pool.by_status, instance.status);
  }
  for (auto& [name, variant] : figures.variants)
    std::erase_if(variant.pools, is_gone);
  std::erase_if(figures.variants, [](const auto& one) {
    return !one.second.specified && one.second.pools.empty();
  });
}

}  // namespace understudy::telemetry
