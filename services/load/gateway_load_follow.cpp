/// What a gateway's load needs to know of the fleet, from the log.

#include "services/load/gateway_load.hpp"

namespace understudy {

void GatewayLoad::see(const Record& record) {
  const std::lock_guard lock(mutex_);
  switch (record.stream.kind()) {
    case ActorKind::endpoint:
      see_endpoint(record);
      break;
    case ActorKind::instance:
      see_instance(record);
      break;
    case ActorKind::pool:
    case ActorKind::autoscaler:
      break;
  }
}

void GatewayLoad::see_endpoint(const Record& record) {
  const std::string endpoint(record.stream.endpoint_name());
  const AnyEvent& event = record.event;
  if (const auto* made = std::get_if<endpoint::EndpointCreated>(&event)) {
    for (const VariantSpec& variant : made->spec.variants)
      desired_[{endpoint, variant.name}] = variant.initial_count;
    specify(made->spec);
  } else if (const auto* changed =
                 std::get_if<endpoint::EndpointUpdated>(&event)) {
    specify(changed->spec);
  } else if (const auto* out = std::get_if<endpoint::ScaleOut>(&event)) {
    desired_[{endpoint, out->variant}] = out->to;
  } else if (const auto* in = std::get_if<endpoint::ScaleIn>(&event)) {
    desired_[{endpoint, in->variant}] = in->to;
  } else if (std::holds_alternative<endpoint::EndpointDeleted>(event)) {
    const auto of_it = [&](const auto& one) {
      return one.first.first == endpoint;
    };
    std::erase_if(desired_, of_it);
    std::erase_if(pools_, of_it);
  }
}

void GatewayLoad::specify(const EndpointSpec& spec) {
  for (const VariantSpec& variant : spec.variants) {
    auto& pools = pools_[{spec.name, variant.name}];
    pools.clear();
    for (const PoolSpec& pool : variant.pools)
      pools[pool.name] = pool.max_concurrency;
  }
}

void GatewayLoad::see_instance(const Record& record) {
  const AnyEvent& event = record.event;
  if (const auto* born = std::get_if<instance::InstanceRegistered>(&event)) {
    instances_[record.stream.text] = {
        born->variant, born->pool, born->max_concurrency, false, false, false};
    return;
  }
  const auto found = instances_.find(record.stream.text);
  if (found == instances_.end()) return;
  Instance& one = found->second;
  if (std::holds_alternative<instance::InstanceReady>(event)) {
    one.ready = true;
    one.served = true;
  } else if (std::holds_alternative<instance::InstanceDraining>(event)) {
    one.ready = false;
    one.draining = true;
  } else if (std::holds_alternative<instance::InstanceUnhealthy>(event) ||
             std::holds_alternative<instance::InstanceStartFailed>(event)) {
    one.ready = false;
  } else if (std::holds_alternative<instance::InstanceTerminated>(event) ||
             std::holds_alternative<instance::InstanceLost>(event)) {
    instances_.erase(found);
  }
}

}  // namespace understudy
