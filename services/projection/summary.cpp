#include "services/projection/wording.hpp"

namespace understudy {
namespace {

std::string per_pool(const std::vector<endpoint::PoolCount>& pools) {
  std::string text;
  for (const auto& one : pools) {
    if (!text.empty()) text += ", ";
    text += std::to_string(one.count) + " in " + one.pool;
  }
  return text;
}

std::string because(const std::string& command) {
  return command.empty() ? " for the autoscaler" : " for command " + command;
}

/// One sentence for each event. There is no overload for whatever else, so
/// that a new event does not go without words.
struct Summary {
  std::string operator()(const endpoint::EndpointCreated& e) const {
    std::size_t pools = 0;
    std::uint64_t count = 0;
    for (const auto& variant : e.spec.variants) {
      pools += variant.pools.size();
      count += variant.initial_count;
    }
    return "created with " + counted(pools, "pool") + ", " +
           counted(count, "instance") + " wanted";
  }
  std::string operator()(const endpoint::EndpointUpdated& e) const {
    return "specification replaced by command " + e.command;
  }
  std::string operator()(const endpoint::OperationOpened& e) const {
    std::string text = "operation " + to_string(e.operation) + " (" +
                       std::string(name_of(e.kind)) + ") wants " +
                       counted(e.count, "instance");
    if (!e.cause.empty()) text += ": " + e.cause;
    return text;
  }
  std::string operator()(const endpoint::InstanceRequested& e) const {
    return counted(e.count, "instance") + " asked of pool " + e.pool +
           " for operation " + to_string(e.operation);
  }
  std::string operator()(const endpoint::CapacityGranted& e) const {
    return "pool " + e.pool + " gave " +
           counted(e.instances.size(), "instance") + " for operation " +
           to_string(e.operation);
  }
  std::string operator()(const endpoint::FallbackChosen& e) const {
    return counted(e.count, "instance") + ": " + e.from + " -> " + e.to + " (" +
           refusal_text(e.cause, e.code, e.code.empty() ? e.message : "") + ")";
  }
  std::string operator()(const endpoint::PoolsExhausted& e) const {
    std::string text = "no pool left for " + counted(e.count, "instance") +
                       " of operation " + to_string(e.operation);
    if (e.retry_at.us == 0) return text + "; no pool can satisfy it";
    return text + "; next try by " + time_text(e.retry_at) +
           ", older operations first";
  }
  std::string operator()(const endpoint::OperationCompleted& e) const {
    return "operation " + to_string(e.operation) + " done after " +
           duration_text(e.elapsed_ms) + ": " + std::to_string(e.granted) +
           " granted, " + std::to_string(e.cancelled) + " cancelled";
  }
  std::string operator()(const endpoint::ProvisioningTimedOut& e) const {
    return "operation " + to_string(e.operation) + " ran out of time, " +
           std::to_string(e.missing) + " of " +
           counted(std::uint64_t{e.granted} + e.missing, "instance") +
           " missing";
  }
  std::string operator()(const endpoint::EndpointInService& e) const {
    return "in service after " + duration_text(e.elapsed_ms) + ": " +
           per_pool(e.pools);
  }
  std::string operator()(const endpoint::EndpointFailed& e) const {
    return "failed, " + e.reason + ": " + e.message;
  }
  std::string operator()(const endpoint::ScaleOut& e) const {
    return "scale out " + std::to_string(e.from) + " -> " +
           std::to_string(e.to) + because(e.command);
  }
  std::string operator()(const endpoint::ScaleIn& e) const {
    return "scale in " + std::to_string(e.from) + " -> " +
           std::to_string(e.to) + because(e.command);
  }
  std::string operator()(const endpoint::LaunchCancelled& e) const {
    const std::string what = counted(e.count, "instance") + " of operation " +
                             to_string(e.operation);
    if (e.request.value == 0) return what + " no longer waited for";
    return what + " no longer wanted of pool " + e.pool;
  }
  std::string operator()(const endpoint::DrainRequested& e) const {
    return "instance " + to_string(e.instance) + " of pool " + e.pool +
           " to be drained: " + std::string(name_of(e.reason));
  }
  std::string operator()(const endpoint::InstanceJoined& e) const {
    return "instance " + to_string(e.instance) + " of pool " + e.pool +
           " serves";
  }
  std::string operator()(const endpoint::InstanceLeft& e) const {
    std::string text = "instance " + to_string(e.instance) + " of pool " +
                       e.pool +
                       " counts no more: " + std::string(name_of(e.reason));
    if (!e.detail.empty()) text += ", " + e.detail;
    return text;
  }
  std::string operator()(const endpoint::InstanceReleased& e) const {
    return "instance " + to_string(e.instance) + " is gone";
  }
  std::string operator()(const endpoint::PreferredPoolOpened& e) const {
    return "preferred pool " + e.pool + " may be asked again";
  }
  std::string operator()(const endpoint::CommandRefused& e) const {
    std::string text =
        "command " + e.command + " (" + e.kind + ") refused, " + e.reason;
    if (!e.field.empty()) text += ": " + e.field + " is '" + e.value + "'";
    if (!e.accepted.empty()) text += "; accepted: " + e.accepted;
    return text;
  }
  std::string operator()(const endpoint::CommandAccepted& e) const {
    return "command " + e.command + " (" + e.kind + ") asks for what is so";
  }
  std::string operator()(const endpoint::EndpointDeleting& e) const {
    return "everything is given back for command " + e.command;
  }
  std::string operator()(const endpoint::EndpointDeleted&) const {
    return "deleted, nothing is held";
  }
  std::string operator()(const endpoint::RequestClosed& e) const {
    return "request to pool " + e.pool + " closed, " + std::to_string(e.count) +
           " not had";
  }

  std::string operator()(const pool::PoolConfigured& e) const {
    return "pool " + e.spec.name + ": " + counted(e.spec.zones.size(), "zone") +
           " of " + e.spec.instance_type + ", priority " +
           std::to_string(e.spec.priority);
  }
  std::string operator()(const pool::LaunchRequested& e) const {
    return "request " + to_string(e.request) + " for " +
           counted(e.count, "instance") + " taken on";
  }
  std::string operator()(const pool::LaunchAttempted& e) const {
    return "asking for " + std::to_string(e.count) + " of " +
           to_string(e.offering);
  }
  std::string operator()(const pool::InstanceLaunched& e) const {
    return counted(e.instances.size(), "instance") +
           " launched: " + to_string(e.offering);
  }
  std::string operator()(const pool::LaunchRefused& e) const {
    return std::to_string(e.count) + " refused by " + to_string(e.offering) +
           ": " + refusal_text(e.kind, e.code, e.message);
  }
  std::string operator()(const pool::LaunchDeferred& e) const {
    return to_string(e.offering) + " asks for patience until " +
           time_text(e.until);
  }
  std::string operator()(const pool::LaunchUnconfirmed& e) const {
    return "no answer from " + to_string(e.offering) +
           "; the provider's list is asked";
  }
  std::string operator()(const pool::LaunchWithdrawn& e) const {
    return std::to_string(e.count) + " of request " + to_string(e.request) +
           " no longer asked for";
  }
  std::string operator()(const pool::CapacityDenied& e) const {
    std::string text = counted(e.count, "instance") + " of request " +
                       to_string(e.request) + " cannot be had here now";
    if (e.reopens_at.us != 0) text += "; opens " + time_text(e.reopens_at);
    return text;
  }
  std::string operator()(const pool::PoolCooledDown& e) const {
    return to_string(e.offering) + " left alone until " + time_text(e.until) +
           ", refusal " + std::to_string(e.level) + " in a row";
  }
  std::string operator()(const pool::PoolReopened& e) const {
    return to_string(e.offering) + " may be asked again";
  }
  std::string operator()(const pool::OrphanReturned& e) const {
    return e.provider_ref + " is nobody's and is given back";
  }
  std::string operator()(const pool::OrphanReleased& e) const {
    return e.provider_ref + " is gone";
  }

  std::string operator()(const instance::InstanceRegistered& e) const {
    return "launched as " + e.provider_ref + " in " + to_string(e.offering);
  }
  std::string operator()(const instance::InstanceReady& e) const {
    return "ready " + duration_text(e.startup_ms) + " after its launch";
  }
  std::string operator()(const instance::InstanceStartFailed& e) const {
    return "did not start: " + e.detail;
  }
  std::string operator()(const instance::InstanceUnhealthy& e) const {
    std::string text = "unhealthy after " + counted(e.probes, "bad probe");
    if (!e.detail.empty()) text += ": " + e.detail;
    return text;
  }
  std::string operator()(const instance::ReclaimNoticed& e) const {
    return "will be taken away at " + time_text(e.reclaim_at);
  }
  std::string operator()(const instance::InstanceDraining& e) const {
    return "takes no new requests: " + e.reason;
  }
  std::string operator()(const instance::InstanceDrained& e) const {
    if (!e.timed_out) return "drained, the provider is asked to end it";
    return "drain ended at its deadline with " +
           counted(e.in_flight, "request") + " in flight";
  }
  std::string operator()(const instance::InstanceTerminated& e) const {
    return "terminated after " + duration_text(e.lived_ms);
  }
  std::string operator()(const instance::InstanceLost& e) const {
    std::string text = "lost after " + duration_text(e.lived_ms);
    if (!e.detail.empty()) text += ": " + e.detail;
    return text;
  }

  std::string operator()(const autoscaler::AutoscalerConfigured& e) const {
    if (!e.policy.enabled) return "scaling is off";
    return "scaling between " + std::to_string(e.policy.min_count) + " and " +
           counted(e.policy.max_count, "instance");
  }
  std::string operator()(const autoscaler::AutoscalerStopped&) const {
    return "scaling stopped";
  }
  std::string operator()(const autoscaler::LoadObserved& e) const {
    return milli_text(e.in_flight_milli) + " requests in flight and " +
           milli_text(e.queued_milli) + " queued on " +
           counted(e.ready, "ready instance") + " with room for " +
           std::to_string(e.capacity) + ": utilisation " +
           milli_text(e.utilisation_milli);
  }
  std::string operator()(const autoscaler::ScalingDecided& e) const {
    std::string text =
        std::to_string(e.from) + " -> " + std::to_string(e.desired);
    for (const auto& wish : e.wishes) {
      text += ", " + std::string(name_of(wish.metric)) + ' ' +
              milli_text(wish.value_milli) + " (target " +
              milli_text(wish.target_milli) + ") asks for " +
              std::to_string(wish.desired);
    }
    if (!e.limit.empty()) text += ", bounded by " + e.limit;
    return text;
  }
};

}  // namespace

std::string summary(const AnyEvent& event) {
  return std::visit(Summary{}, event);
}

}  // namespace understudy
