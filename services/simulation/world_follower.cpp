#include "services/simulation/world_follower.hpp"

#include <utility>

#include "actors/runtime/effects.hpp"
#include "services/projection/position_number.hpp"

namespace understudy {

WorldFollower::WorldFollower(SimulatedLoad& load, std::string owner)
    : load_(load), owner_(std::move(owner)) {}

void WorldFollower::see(const Record& record) {
  switch (record.stream.kind()) {
    case ActorKind::pool:
      see_pool(record);
      break;
    case ActorKind::instance:
      see_instance(record);
      break;
    case ActorKind::endpoint:
      see_endpoint(record);
      break;
    case ActorKind::autoscaler:
      see_autoscaler(record);
      break;
  }
}

void WorldFollower::see_pool(const Record& record) {
  const auto* launched = std::get_if<pool::InstanceLaunched>(&record.event);
  if (launched == nullptr) return;
  for (const auto& one : launched->instances) {
    const auto stream =
        StreamId::instance(record.stream.endpoint_name(), one.id);
    held_[stream.text] = {
        partition_owner(owner_, position_at(record.sequence).partition),
        launch_token(record.stream, launched->request, launched->attempt),
        one.id.index(), launched->offering, record.time};
  }
}

void WorldFollower::see_instance(const Record& record) {
  const auto& event = record.event;
  if (const auto* e = std::get_if<instance::InstanceRegistered>(&event)) {
    known_[record.stream.text] = {e->variant, e->pool, e->max_concurrency,
                                  false};
  } else if (std::holds_alternative<instance::InstanceReady>(event)) {
    auto& known = known_[record.stream.text];
    known.serving = true;
    load_.instance_ready(std::string(record.stream.endpoint_name()),
                         known.variant, known.pool,
                         *parse_instance_id(record.stream.part(1)),
                         known.max_concurrency, record.time);
  } else if (std::holds_alternative<instance::InstanceUnhealthy>(event) ||
             std::holds_alternative<instance::InstanceDraining>(event)) {
    leave(record);
  } else if (std::holds_alternative<instance::InstanceTerminated>(event) ||
             std::holds_alternative<instance::InstanceLost>(event)) {
    leave(record);
    known_.erase(record.stream.text);
    held_.erase(record.stream.text);
  }
}

void WorldFollower::leave(const Record& record) {
  auto& known = known_[record.stream.text];
  if (!std::exchange(known.serving, false)) return;
  load_.instance_left(std::string(record.stream.endpoint_name()),
                      *parse_instance_id(record.stream.part(1)), record.time);
}

void WorldFollower::see_endpoint(const Record& record) {
  const std::string endpoint(record.stream.endpoint_name());
  const auto& event = record.event;
  if (const auto* e = std::get_if<endpoint::EndpointCreated>(&event)) {
    for (const auto& variant : e->spec.variants) {
      load_.set_desired(endpoint, variant.name, variant.initial_count,
                        record.time);
    }
  } else if (const auto* out = std::get_if<endpoint::ScaleOut>(&event)) {
    load_.set_desired(endpoint, out->variant, out->to, record.time);
  } else if (const auto* in = std::get_if<endpoint::ScaleIn>(&event)) {
    load_.set_desired(endpoint, in->variant, in->to, record.time);
  } else if (std::holds_alternative<endpoint::EndpointFailed>(event) ||
             std::holds_alternative<endpoint::EndpointDeleting>(event)) {
    load_.endpoint_closed(endpoint, record.time);
  }
}

void WorldFollower::see_autoscaler(const Record& record) {
  const auto* e = std::get_if<autoscaler::LoadObserved>(&record.event);
  if (e == nullptr) return;
  load_.window_seen(std::string(record.stream.part(0)),
                    std::string(record.stream.part(1)), e->to);
}

std::vector<HeldInstance> WorldFollower::held() const {
  std::vector<HeldInstance> all;
  for (const auto& [stream, one] : held_)
    all.push_back(one);
  return all;
}

}  // namespace understudy
