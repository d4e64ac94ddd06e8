#include <algorithm>
#include <tuple>
#include <utility>

#include "services/projection/fold.hpp"

namespace understudy {
namespace {

/// What a pool said when it ended a request.
struct Denial {
  OperationId operation;
  RequestId request;
  RefusalKind cause;
};

bool preferred(const PoolView& a, const PoolView& b) {
  return std::tie(a.spec.priority, a.spec.price_micros_per_hour, a.spec.name) <
         std::tie(b.spec.priority, b.spec.price_micros_per_hour, b.spec.name);
}

std::vector<OfferingView> offerings_of(const PoolSpec& spec) {
  std::vector<OfferingView> all;
  for (std::size_t zone = 0; zone < spec.zones.size(); ++zone) {
    OfferingView one;
    one.offering = spec.offering(zone);
    all.push_back(std::move(one));
  }
  return all;
}

class FoldEndpoint {
 public:
  FoldEndpoint(EndpointHistory& history, const Seen& seen)
      : history_(history), view_(history.endpoint), seen_(seen) {}

  template <class Event>
  void operator()(const Event&) {}

  void operator()(const endpoint::EndpointCreated& e) {
    EndpointView born;
    born.name = std::move(view_.name);
    born.decisions = std::move(view_.decisions);
    born.created_at = seen_.at;
    view_ = std::move(born);
    specify(e.spec);
    for (const VariantSpec& spec : e.spec.variants)
      history_.variant(spec.name)->desired = spec.initial_count;
  }

  void operator()(const endpoint::EndpointUpdated& e) { specify(e.spec); }

  void operator()(const endpoint::EndpointInService&) {
    view_.status = EndpointStatus::in_service;
    view_.in_service_at = seen_.at;
  }

  void operator()(const endpoint::EndpointFailed& e) {
    view_.status = EndpointStatus::failed;
    view_.failure_reason = e.reason;
    view_.failure_message = e.message;
  }

  void operator()(const endpoint::EndpointDeleting&) {
    view_.status = EndpointStatus::deleting;
    for (VariantView& variant : view_.variants)
      variant.desired = 0;
  }

  void operator()(const endpoint::EndpointDeleted&) {
    view_.status = EndpointStatus::deleted;
    view_.ended_at = seen_.at;
  }

  void operator()(const endpoint::ScaleOut& e) { scale(e.variant, e.to); }
  void operator()(const endpoint::ScaleIn& e) { scale(e.variant, e.to); }

  void operator()(const endpoint::OperationOpened& e) {
    OperationView& one = history_.operations[e.operation];
    one = {};
    one.id = e.operation;
    one.kind = e.kind;
    one.variant = e.variant;
    one.cause = e.cause;
    one.count = e.count;
    one.opened_at = seen_.at;
    one.deadline = e.deadline;
    one.position = seen_.position;
    if (e.not_before > seen_.at) {
      one.status = OperationStatus::waiting;
      one.retry_at = e.not_before;
    }
  }

  void operator()(const endpoint::InstanceRequested& e) {
    if (PoolView* asked = history_.pool(e.variant, e.pool)) {
      asked->asked += e.count;
    }
    OperationView* one = operation(e.operation);
    if (one == nullptr) return;
    if (one->status == OperationStatus::waiting || one->requests.empty()) {
      ++one->walks;
    }
    one->status = OperationStatus::open;
    one->retry_at = {};
    RequestView request;
    request.request = e.request;
    request.pool = e.pool;
    request.count = e.count;
    request.asked_at = seen_.at;
    request.position = seen_.position;
    one->requests.push_back(std::move(request));
  }

  void operator()(const endpoint::CapacityGranted& e) {
    const auto count = static_cast<std::uint32_t>(e.instances.size());
    settle(e.operation, e.request, &RequestView::granted, count);
    if (OperationView* one = operation(e.operation)) {
      one->granted = std::min(one->count, one->granted + count);
    }
    for (const InstanceId id : e.instances) {
      InstanceView& instance = history_.instances[id];
      instance.id = id;
      instance.variant = e.variant;
      instance.pool = e.pool;
      instance.operation = e.operation;
      if (instance.launched_at.us == 0) instance.launched_at = seen_.at;
      if (!std::exchange(instance.held, true)) count_held(instance, 1);
    }
  }

  void operator()(const endpoint::FallbackChosen& e) {
    if (OperationView* one = operation(e.operation)) ++one->fallbacks;
    deny({e.operation, e.refused_request, e.cause});
  }

  void operator()(const endpoint::PoolsExhausted& e) {
    deny({e.operation, e.refused_request, e.cause});
    if (OperationView* one = operation(e.operation)) {
      one->status = OperationStatus::waiting;
      one->retry_at = e.retry_at;
    }
  }

  void operator()(const endpoint::RequestClosed& e) {
    deny({e.operation, e.request, e.cause});
  }

  void operator()(const endpoint::LaunchCancelled& e) {
    settle(e.operation, e.request, &RequestView::cancelled, e.count);
    if (OperationView* one = operation(e.operation)) {
      one->cancelled = std::min(one->count, one->cancelled + e.count);
    }
  }

  void operator()(const endpoint::OperationCompleted& e) {
    OperationView* one = operation(e.operation);
    if (one == nullptr) return;
    one->status = OperationStatus::completed;
    one->retry_at = {};
    one->granted = e.granted;
    one->cancelled = e.cancelled;
    one->ended_at = seen_.at;
  }

  void operator()(const endpoint::ProvisioningTimedOut& e) {
    OperationView* one = operation(e.operation);
    if (one == nullptr) return;
    one->status = OperationStatus::timed_out;
    one->retry_at = {};
    one->granted = e.granted;
    one->ended_at = seen_.at;
  }

  void operator()(const endpoint::DrainRequested& e) {
    leave(e.instance, std::string(name_of(e.reason)));
  }

  void operator()(const endpoint::InstanceLeft& e) {
    std::string reason(name_of(e.reason));
    if (!e.detail.empty()) reason += ": " + e.detail;
    leave(e.instance, std::move(reason));
  }

 private:
  /// Keeps what is known of pools that stay; their offerings too, when they
  /// are the same ones.
  void specify(const EndpointSpec& spec) {
    view_.specified_at = seen_.position;
    std::vector<VariantView> variants;
    for (const VariantSpec& specified : spec.variants) {
      VariantView variant;
      if (VariantView* known = history_.variant(specified.name)) {
        variant = *known;
      }
      variant.name = specified.name;
      variant.model = specified.model;
      variant.scaling = specified.scaling;
      variant.pools.clear();
      for (const PoolSpec& pool : specified.pools)
        variant.pools.push_back(specified_pool(specified.name, pool));
      std::sort(variant.pools.begin(), variant.pools.end(), preferred);
      variants.push_back(std::move(variant));
    }
    view_.variants = std::move(variants);
  }

  PoolView specified_pool(const std::string& variant, const PoolSpec& spec) {
    PoolView pool;
    if (const PoolView* known = history_.pool(variant, spec.name)) {
      pool = *known;
    }
    const bool same = pool.spec.instance_type == spec.instance_type &&
                      pool.spec.zones == spec.zones &&
                      pool.spec.market == spec.market;
    if (!same) pool.offerings = offerings_of(spec);
    pool.spec = spec;
    return pool;
  }

  void scale(const std::string& name, std::uint32_t to) {
    if (VariantView* variant = history_.variant(name)) variant->desired = to;
  }

  OperationView* operation(OperationId id) {
    const auto found = history_.operations.find(id);
    return found == history_.operations.end() ? nullptr : &found->second;
  }

  /// Moves `count` of an open request to where they ended up.
  void settle(OperationId id, RequestId request_id,
              std::uint32_t RequestView::*where, std::uint32_t count) {
    RequestView* request = history_.request(id, request_id);
    if (request == nullptr) return;
    const std::uint32_t moved = std::min(count, request->open());
    request->*where += count;
    const OperationView* one = operation(id);
    PoolView* asked = history_.pool(one->variant, request->pool);
    if (asked != nullptr) asked->asked -= std::min(asked->asked, moved);
  }

  void deny(const Denial& denial) {
    RequestView* request = history_.request(denial.operation, denial.request);
    if (request == nullptr) return;
    request->cause = denial.cause;
    settle(denial.operation, denial.request, &RequestView::denied,
           request->open());
  }

  void count_held(const InstanceView& instance, int change) {
    const auto add = [change](std::uint32_t& counter) {
      if (change > 0) ++counter;
      if (change < 0 && counter > 0) --counter;
    };
    if (auto* pool = history_.pool(instance.variant, instance.pool)) {
      add(pool->held);
    }
    if (auto* variant = history_.variant(instance.variant)) {
      add(variant->held);
    }
  }

  void leave(InstanceId id, std::string reason) {
    const auto found = history_.instances.find(id);
    if (found == history_.instances.end()) return;
    InstanceView& instance = found->second;
    if (std::exchange(instance.held, false)) count_held(instance, -1);
    if (instance.reason.empty()) instance.reason = std::move(reason);
  }

  EndpointHistory& history_;
  EndpointView& view_;
  const Seen& seen_;
};

}  // namespace

void fold_endpoint(EndpointHistory& history, const Seen& seen,
                   const AnyEvent& event) {
  std::visit(FoldEndpoint(history, seen), event);
}

}  // namespace understudy
