#include <utility>

#include "services/projection/fold.hpp"

namespace understudy {
namespace {

class FoldInstance {
 public:
  FoldInstance(EndpointHistory& history, InstanceView& instance,
               const Seen& seen)
      : history_(history), instance_(instance), seen_(seen) {}

  template <class Event>
  void operator()(const Event&) {}

  void operator()(const instance::InstanceRegistered& e) {
    instance_.variant = e.variant;
    instance_.pool = e.pool;
    instance_.offering = e.offering;
    instance_.provider_ref = e.provider_ref;
    instance_.address = e.address;
    instance_.model = e.model;
    instance_.price_micros_per_hour = e.price_micros_per_hour;
    if (instance_.launched_at.us == 0) instance_.launched_at = seen_.at;
  }

  void operator()(const instance::InstanceReady&) {
    instance_.ready_at = seen_.at;
    become(instance_.status == InstanceStatus::reclaiming
               ? InstanceStatus::reclaiming
               : InstanceStatus::ready);
  }

  void operator()(const instance::InstanceStartFailed& e) {
    because("start-failed", e.detail);
    become(InstanceStatus::ending);
  }

  void operator()(const instance::InstanceUnhealthy& e) {
    because("unhealthy", e.detail);
    become(InstanceStatus::ending);
  }

  void operator()(const instance::ReclaimNoticed&) {
    because("reclaimed", {});
    if (instance_.status == InstanceStatus::starting ||
        instance_.status == InstanceStatus::ready) {
      become(InstanceStatus::reclaiming);
    }
  }

  void operator()(const instance::InstanceDraining& e) {
    because(e.reason, {});
    instance_.draining_at = seen_.at;
    become(InstanceStatus::draining);
  }

  void operator()(const instance::InstanceDrained&) {
    become(InstanceStatus::ending);
  }

  void operator()(const instance::InstanceTerminated&) {
    instance_.ended_at = seen_.at;
    become(InstanceStatus::terminated);
  }

  void operator()(const instance::InstanceLost& e) {
    because("lost", e.detail);
    instance_.ended_at = seen_.at;
    become(InstanceStatus::lost);
  }

 private:
  void because(std::string reason, const std::string& detail) {
    if (!instance_.reason.empty()) return;
    instance_.reason = std::move(reason);
    if (!detail.empty()) instance_.reason += ": " + detail;
  }

  /// Keeps the counts of serving instances true. Whether it serves depends
  /// on `ready_at` too, so this is told after it was set.
  void become(InstanceStatus status) {
    instance_.status = status;
    const int change = instance_.serving() ? 1 : -1;
    if ((change > 0) == serving_) return;
    serving_ = change > 0;
    if (auto* variant = history_.variant(instance_.variant)) {
      count(variant->ready, change);
    }
    if (auto* pool = history_.pool(instance_.variant, instance_.pool)) {
      count(pool->ready, change);
    }
  }

  static void count(std::uint32_t& counter, int change) {
    if (change > 0) ++counter;
    if (change < 0 && counter > 0) --counter;
  }

  EndpointHistory& history_;
  InstanceView& instance_;
  const Seen& seen_;
  bool serving_ = instance_.serving();
};

}  // namespace

void fold_instance(EndpointHistory& history, const Seen& seen,
                   const AnyEvent& event) {
  const auto id = parse_instance_id(seen.stream.part(1));
  if (!id) return;
  // A word about one that was forgotten must not bring it back.
  if (!std::holds_alternative<instance::InstanceRegistered>(event) &&
      !history.instances.contains(*id)) {
    return;
  }
  InstanceView& instance = history.instances[*id];
  instance.id = *id;
  std::visit(FoldInstance(history, instance, seen), event);
}

}  // namespace understudy
