#include <algorithm>
#include <utility>

#include "services/projection/fold.hpp"

namespace understudy {
namespace {

class FoldPool {
 public:
  FoldPool(EndpointHistory& history, const Seen& seen)
      : history_(history),
        seen_(seen),
        pool_(history.pool(seen.stream.part(1), seen.stream.part(2))) {}

  template <class Event>
  void operator()(const Event&) {}

  void operator()(const pool::InstanceLaunched& e) {
    const auto count = e.instances.size();
    if (pool_ != nullptr) pool_->granted += count;
    if (OfferingView* one = offering(e.offering)) {
      one->granted += count;
      one->level = 0;
      one->cooling_until = {};
    }
    for (const pool::LaunchedInstance& launched : e.instances) {
      InstanceView& instance = history_.instances[launched.id];
      instance.id = launched.id;
      instance.variant = seen_.stream.part(1);
      instance.pool = seen_.stream.part(2);
      instance.offering = e.offering;
      instance.provider_ref = launched.provider_ref;
      instance.address = launched.address;
      instance.model = e.model;
      instance.price_micros_per_hour = e.price_micros_per_hour;
      instance.operation = e.operation;
      if (instance.launched_at.us == 0) instance.launched_at = seen_.at;
    }
  }

  void operator()(const pool::LaunchRefused& e) {
    if (pool_ == nullptr) return;
    RefusalView refusal{e.offering, e.kind,   e.code,
                        e.message,  seen_.at, seen_.position};
    pool_->refused += e.count;
    pool_->last_refusal = refusal;
    OfferingView* one = offering(e.offering);
    if (one == nullptr) return;
    one->refused += e.count;
    if (e.kind == RefusalKind::infeasible) one->infeasible = true;
    one->last_refusal = std::move(refusal);
  }

  void operator()(const pool::PoolCooledDown& e) {
    OfferingView* one = offering(e.offering);
    if (one == nullptr) return;
    one->cooling_until = e.until;
    one->level = e.level;
  }

  void operator()(const pool::PoolReopened& e) {
    OfferingView* one = offering(e.offering);
    if (one != nullptr) one->cooling_until = {};
  }

 private:
  OfferingView* offering(const Offering& named) {
    if (pool_ == nullptr) return nullptr;
    for (OfferingView& one : pool_->offerings) {
      if (one.offering == named) return &one;
    }
    return nullptr;
  }

  EndpointHistory& history_;
  const Seen& seen_;
  PoolView* pool_;
};

}  // namespace

void fold_pool(EndpointHistory& history, const Seen& seen,
               const AnyEvent& event) {
  std::visit(FoldPool(history, seen), event);
}

}  // namespace understudy
