#include "actors/runtime/routes.hpp"

#include <string>

namespace understudy {
namespace {

/// One overload per event that is told to somebody.
class Router {
 public:
  explicit Router(const StreamId& from)
      : from_(from), endpoint_(from.endpoint_name()) {}

  std::vector<Delivery> take() { return std::move(deliveries_); }

  template <class Event>
  void operator()(const Event&) {}

  void operator()(const endpoint::EndpointCreated& e) { configure(e.spec); }
  void operator()(const endpoint::EndpointUpdated& e) { configure(e.spec); }

  void operator()(const endpoint::InstanceRequested& e) {
    to_pool(e.variant, e.pool, pool::Request{e.operation, e.request, e.count});
  }

  void operator()(const endpoint::LaunchCancelled& e) {
    if (e.request.value == 0) return;
    to_pool(e.variant, e.pool, pool::Cancel{e.request, e.count});
  }

  void operator()(const endpoint::DrainRequested& e) {
    to_instance(e.instance, instance::Drain{std::string(name_of(e.reason))});
  }

  void operator()(const endpoint::EndpointFailed& e) { stop(e.variants); }
  void operator()(const endpoint::EndpointDeleting& e) { stop(e.variants); }

  void operator()(const pool::InstanceLaunched& e) {
    const std::string variant(from_.part(1));
    const std::string pool(from_.part(2));
    endpoint::LaunchGranted granted{e.operation, e.request, variant, pool, {}};
    for (const auto& one : e.instances)
      granted.instances.push_back(one.id);
    to_endpoint(std::move(granted));
    for (const auto& one : e.instances) {
      to_instance(one.id, instance::Launched{
                              e.offering, variant, pool, one.provider_ref,
                              one.address, e.model, e.max_concurrency,
                              e.price_micros_per_hour, e.health});
    }
  }

  void operator()(const pool::CapacityDenied& e) {
    to_endpoint(endpoint::LaunchDenied{
        e.operation, e.request, std::string(from_.part(1)),
        std::string(from_.part(2)), e.count, e.refusals, e.reopens_at});
  }

  void operator()(const pool::PoolReopened&) {
    to_endpoint(endpoint::PoolOpened{std::string(from_.part(1)),
                                     std::string(from_.part(2))});
  }

  void operator()(const instance::InstanceReady&) {
    changed(endpoint::InstanceChange::ready, {});
  }
  void operator()(const instance::InstanceStartFailed& e) {
    changed(endpoint::InstanceChange::start_failed, e.detail);
  }
  void operator()(const instance::InstanceUnhealthy& e) {
    changed(endpoint::InstanceChange::unhealthy, e.detail);
  }
  void operator()(const instance::ReclaimNoticed&) {
    changed(endpoint::InstanceChange::reclaim_noticed, {});
  }
  void operator()(const instance::InstanceLost& e) {
    changed(endpoint::InstanceChange::lost, e.detail);
  }
  void operator()(const instance::InstanceTerminated&) {
    changed(endpoint::InstanceChange::terminated, {});
  }

  void operator()(const autoscaler::ScalingDecided& e) {
    endpoint::DesiredDecided wish{std::string(from_.part(1)), e.desired, {}};
    for (const auto& one : e.in_flight) {
      wish.in_flight.push_back({one.instance, one.in_flight});
    }
    to_endpoint(std::move(wish));
  }

 private:
  void configure(const EndpointSpec& spec) {
    for (const auto& variant : spec.variants) {
      for (const auto& one : variant.pools) {
        const auto& model =
            one.model_override.empty() ? variant.model : one.model_override;
        to_pool(variant.name, one.name,
                pool::Configure{one, variant.cool_down, variant.health, model,
                                variant.environment});
      }
      deliveries_.push_back(
          {StreamId::autoscaler(endpoint_, variant.name),
           autoscaler::Input(autoscaler::Configure{variant.scaling})});
    }
  }

  void stop(const std::vector<std::string>& variants) {
    for (const auto& variant : variants) {
      deliveries_.push_back({StreamId::autoscaler(endpoint_, variant),
                             autoscaler::Input(autoscaler::Stop{})});
    }
  }

  void changed(endpoint::InstanceChange change, const std::string& detail) {
    const auto id = parse_instance_id(from_.part(1));
    if (!id) return;
    to_endpoint(endpoint::InstanceChanged{*id, change, detail});
  }

  void to_endpoint(endpoint::Input input) {
    deliveries_.push_back({StreamId::endpoint(endpoint_), std::move(input)});
  }

  void to_pool(const std::string& variant, const std::string& pool,
               pool::Input input) {
    deliveries_.push_back(
        {StreamId::pool(endpoint_, variant, pool), std::move(input)});
  }

  void to_instance(InstanceId id, instance::Input input) {
    deliveries_.push_back(
        {StreamId::instance(endpoint_, id), std::move(input)});
  }

  const StreamId& from_;
  std::string endpoint_;
  std::vector<Delivery> deliveries_;
};

}  // namespace

std::vector<Delivery> route(const StreamId& from, const AnyEvent& event) {
  Router router(from);
  std::visit(router, event);
  return router.take();
}

}  // namespace understudy
