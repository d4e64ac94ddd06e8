#include "services/projection/event_counter.hpp"

namespace understudy {

struct EventCounter::Visitor {
  EventCounts& events;
  std::map<PoolKey, PoolCounts>& pools;
  const StreamId& stream;

  template <class Event>
  void operator()(const Event&) const {}

  void operator()(const endpoint::FallbackChosen& e) const {
    ++events.fallbacks;
    events.fallback_instances += e.count;
  }
  void operator()(const endpoint::PoolsExhausted&) const {
    ++events.pools_exhausted;
  }
  void operator()(const endpoint::ProvisioningTimedOut&) const {
    ++events.provisioning_timeouts;
  }
  void operator()(const endpoint::ScaleOut&) const { ++events.scale_outs; }
  void operator()(const endpoint::ScaleIn&) const { ++events.scale_ins; }
  void operator()(const endpoint::OperationOpened& e) const {
    if (e.kind == endpoint::OperationKind::replacement) ++events.replacements;
  }
  void operator()(const endpoint::DrainRequested& e) const {
    if (e.reason == endpoint::DrainReason::returned_to_preferred) {
      ++events.returns_to_preferred;
    }
  }
  void operator()(const endpoint::CommandRefused&) const {
    ++events.commands_refused;
  }

  void operator()(const instance::InstanceLost&) const {
    ++events.instances_lost;
  }
  void operator()(const instance::ReclaimNoticed&) const {
    ++events.instances_reclaimed;
  }
  void operator()(const instance::InstanceUnhealthy&) const {
    ++events.instances_unhealthy;
  }
  void operator()(const instance::InstanceStartFailed&) const {
    ++events.failed_starts;
  }

  void operator()(const pool::LaunchAttempted& e) const {
    PoolCounts& counts = pool();
    ++counts.calls;
    counts.asked += e.count;
  }
  void operator()(const pool::InstanceLaunched& e) const {
    pool().granted += e.instances.size();
  }
  void operator()(const pool::LaunchRefused& e) const {
    refused(e.offering, e.kind, e.count);
  }
  void operator()(const pool::LaunchDeferred& e) const {
    refused(e.offering, RefusalKind::throttled, 0);
  }

  void refused(const Offering& offering, RefusalKind kind,
               std::uint32_t count) const {
    RefusalCount& known = pool().refusals[{offering, kind}];
    known.offering = offering;
    known.kind = kind;
    ++known.calls;
    known.instances += count;
  }

  [[nodiscard]] PoolCounts& pool() const {
    return pools[{std::string(stream.part(1)), std::string(stream.part(2))}];
  }
};

void EventCounter::count(const StreamId& stream, const AnyEvent& event) {
  std::visit(Visitor{events_, pools_, stream}, event);
}

}  // namespace understudy
