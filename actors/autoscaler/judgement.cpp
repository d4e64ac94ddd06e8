#include "actors/autoscaler/judgement.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace understudy::autoscaler {
namespace {

/// Wide enough for places x target x band without overflow.
__extension__ using Wide = unsigned __int128;

constexpr Wide max_places = Wide{1} << 56;

template <class T>
T saturate(Wide value) {
  return static_cast<T>(std::min<Wide>(value, std::numeric_limits<T>::max()));
}

Wide divide_up(Wide dividend, Wide divisor) {
  return dividend / divisor + (dividend % divisor == 0 ? 0 : 1);
}

/// A fleet as one metric weighs it. An instance is as many places as it has
/// slots, or one place where instances count alike.
struct Fleet {
  Wide places = 0;
  Wide missing = 0;    ///< Places of ready instances that did not report.
  Wide instances = 0;  ///< That the places stand for.
};

std::uint32_t places_per_instance(const PoolLoad& pool, ScalingMetric metric) {
  if (metric == ScalingMetric::in_flight_per_instance) return 1;
  return std::max(pool.max_concurrency, 1U);
}

std::uint32_t reporting_of(const PoolLoad& pool) {
  return std::min(pool.reporting, pool.ready);
}

Fleet ready_fleet(const LoadWindow& window, ScalingMetric metric) {
  Fleet fleet;
  for (const PoolLoad& pool : window.pools) {
    const Wide places = places_per_instance(pool, metric);
    fleet.places += places * pool.ready;
    fleet.missing += places * (pool.ready - reporting_of(pool));
    fleet.instances += pool.ready;
  }
  fleet.places = std::min(fleet.places, max_places);
  fleet.missing = std::min(fleet.missing, fleet.places);
  fleet.instances = saturate<std::uint32_t>(fleet.instances);
  return fleet;
}

/// One instance of each pool: the mean that stands for instances of which it
/// is not known yet where they will be.
Fleet mean_fleet(const LoadWindow& window, ScalingMetric metric) {
  Fleet fleet;
  for (const PoolLoad& pool : window.pools) {
    fleet.places += places_per_instance(pool, metric);
    fleet.instances += 1;
  }
  return fleet;
}

Totals sum(const LoadWindow& window) {
  const Fleet fleet = ready_fleet(window, ScalingMetric::weighted_utilisation);
  Wide reporting = 0;
  Wide in_flight = 0;
  for (const PoolLoad& pool : window.pools) {
    reporting += reporting_of(pool);
    if (reporting_of(pool) > 0) in_flight += pool.in_flight_milli;
  }
  Totals totals;
  totals.ready = saturate<std::uint32_t>(fleet.instances);
  totals.reporting = saturate<std::uint32_t>(reporting);
  totals.capacity = saturate<std::uint64_t>(fleet.places);
  totals.in_flight_milli = saturate<std::uint64_t>(in_flight);
  totals.queued_milli = window.queued_milli;
  if (fleet.places > 0) {
    totals.utilisation_milli = saturate<std::uint64_t>(
        (Wide{totals.in_flight_milli} + totals.queued_milli) / fleet.places);
  }
  return totals;
}

Wide load_milli(const Totals& totals) {
  return std::min<Wide>(Wide{totals.in_flight_milli} + totals.queued_milli,
                        std::numeric_limits<std::uint64_t>::max());
}

struct Opinion {
  Verdict verdict = Verdict::in_band;
  Wish wish;
};

/// Instances that did not report are taken as idle where the load asks for
/// more, and as exactly on target where it asks for fewer, so that they damp
/// either move and never cause one.
Opinion judge_ready(const ScalingTarget& target, std::uint32_t tolerance_milli,
                    const LoadWindow& window, const Totals& totals) {
  const Fleet fleet = ready_fleet(window, target.metric);
  const Wide tolerance = tolerance_milli;
  const Wide on_target = fleet.places * target.target_milli;
  const Wide least = load_milli(totals);
  const Wide most = least + fleet.missing * target.target_milli;

  Opinion opinion;
  opinion.wish.metric = target.metric;
  opinion.wish.target_milli = target.target_milli;
  opinion.wish.value_milli = saturate<std::uint64_t>(least / fleet.places);
  opinion.wish.desired = totals.ready;
  if (least * 1000 > on_target * (1000 + tolerance)) {
    opinion.verdict = Verdict::above;
    opinion.wish.desired =
        saturate<std::uint32_t>(divide_up(least * fleet.instances, on_target));
  } else if (most * 1000 <
             on_target * (1000 - std::min<Wide>(tolerance, 1000))) {
    opinion.verdict = Verdict::below;
    opinion.wish.value_milli = saturate<std::uint64_t>(most / fleet.places);
    opinion.wish.desired =
        saturate<std::uint32_t>(divide_up(most * fleet.instances, on_target));
  }
  return opinion;
}

/// Nothing is ready: only a queue can ask for more, when those already
/// wanted could not serve it on target.
Opinion judge_queue(const ScalingTarget& target, const LoadWindow& window) {
  const Fleet fleet = mean_fleet(window, target.metric);
  const Wide queued = window.queued_milli;
  const Wide wanted = std::max(window.desired, 1U);

  Opinion opinion;
  opinion.wish.metric = target.metric;
  opinion.wish.target_milli = target.target_milli;
  opinion.wish.value_milli = saturate<std::uint64_t>(queued * fleet.instances /
                                                     (fleet.places * wanted));
  opinion.wish.desired = saturate<std::uint32_t>(
      divide_up(queued * fleet.instances, fleet.places * target.target_milli));
  opinion.verdict =
      opinion.wish.desired > window.desired ? Verdict::above : Verdict::no_data;
  return opinion;
}

/// One target that asks for more is enough; fewer takes all of them.
Verdict combine(std::optional<Verdict> sofar, Verdict next) {
  if (!sofar || *sofar == next) return next;
  if (*sofar == Verdict::above || next == Verdict::above) {
    return Verdict::above;
  }
  return Verdict::in_band;
}

}  // namespace

Judgement judge(const ScalingPolicy& policy, const LoadWindow& window) {
  Judgement judgement;
  judgement.totals = sum(window);
  const Totals& totals = judgement.totals;
  if (window.pools.empty()) return judgement;
  if (totals.reporting == 0 && window.queued_milli == 0) return judgement;

  std::optional<Verdict> verdict;
  for (const ScalingTarget& target : policy.targets) {
    if (target.target_milli == 0) continue;
    const Opinion opinion =
        totals.ready > 0
            ? judge_ready(target, policy.tolerance_milli, window, totals)
            : judge_queue(target, window);
    verdict = combine(verdict, opinion.verdict);
    judgement.wishes.push_back(opinion.wish);
    judgement.desired = std::max(judgement.desired, opinion.wish.desired);
  }
  judgement.verdict = verdict.value_or(Verdict::no_data);
  return judgement;
}

}  // namespace understudy::autoscaler
