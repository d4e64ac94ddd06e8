#include "services/load/gateway_load.hpp"

#include <algorithm>
#include <set>

namespace understudy {
namespace {

constexpr std::int64_t us_per_ms = 1000;

/// Removes what a map by streams holds of one endpoint, but for `named`.
template <class Map>
void keep_named(Map& map, const std::string& endpoint,
                const std::set<std::string>& named) {
  const std::string prefix = "instance/" + endpoint + '/';
  for (auto one = map.lower_bound(prefix);
       one != map.end() && one->first.starts_with(prefix);)
    one = named.contains(one->first) ? std::next(one) : map.erase(one);
}

/// Calls `use` for what a map by streams holds of one endpoint's instances.
template <class Map, class F>
void for_each_of(const Map& map, const std::string& endpoint, const F& use) {
  const std::string prefix = "instance/" + endpoint + '/';
  for (auto one = map.lower_bound(prefix);
       one != map.end() && one->first.starts_with(prefix); ++one)
    use(one->first, one->second);
}

}  // namespace

GatewayLoad::GatewayLoad(Clock& clock, GatewayLoadOptions options)
    : clock_(clock),
      options_(options),
      begun_(clock.now()),
      pruned_(begun_),
      timers_(clock) {}

void GatewayLoad::hears(bool now) {
  const std::lock_guard lock(mutex_);
  if (now && !hears_) begun_ = clock_.now();
  hears_ = now;
}

bool GatewayLoad::settled(Instant now) const {
  return hears_ && after_ms(begun_, options_.settle_ms) <= now;
}

Result<void> GatewayLoad::report(const LoadReport& report) {
  return take(report, true);
}

Result<void> GatewayLoad::report_some(const LoadReport& report) {
  return take(report, false);
}

Result<void> GatewayLoad::take(const LoadReport& report, bool whole) {
  std::vector<std::function<void()>> early;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    forget(now);
    if (report.leaving) {
      leave(report, now);
      return {};
    }
    if (late(report)) return {};
    if (!gateways_.contains(report.gateway) &&
        gateways_.size() >= options_.most_gateways) {
      return Error{ErrorCode::unavailable,
                   "more than " + std::to_string(options_.most_gateways) +
                       " gateways report"};
    }
    note(gateways_[report.gateway], report, whole, now);
    early = early_windows(report, now);
  }
  for (const auto& hand_over : early)
    hand_over();
  return {};
}

void GatewayLoad::leave(const LoadReport& report, Instant now) {
  gateways_.erase(report.gateway);
  if (report.made_us != 0 && left_.size() < options_.most_gateways)
    left_[report.gateway] = {report.made_us, now};
}

/// Whether it was on its way while its gateway left.
bool GatewayLoad::late(const LoadReport& report) const {
  const auto left = left_.find(report.gateway);
  return left != left_.end() && report.made_us != 0 &&
         report.made_us <= left->second.made_us;
}

void GatewayLoad::note(Gateway& gateway, const LoadReport& report, bool whole,
                       Instant now) {
  gateway.at = now;
  std::set<std::string> named;
  for (const ReportedEndpoint& one : report.endpoints) {
    update(gateway.queued[one.endpoint], one.queued, false, now);
    named.insert(one.endpoint);
    for (const ReportedInstance& instance : one.instances) {
      const std::string stream =
          StreamId::instance(one.endpoint,
                             *parse_instance_id(instance.instance))
              .text;
      update(gateway.instances[stream], instance.in_flight, instance.draining,
             now);
      named.insert(stream);
    }
    keep_named(gateway.instances, one.endpoint, named);
  }
  if (!whole) return;
  const auto unnamed = [&](const auto& one) {
    return !named.contains(one.first);
  };
  std::erase_if(gateway.instances, unnamed);
  std::erase_if(gateway.queued, unnamed);
}

bool GatewayLoad::fresh(const Level& level, Instant now) const {
  return now <= after_ms(level.at, options_.stale_ms);
}

GatewayLoad::Mark GatewayLoad::at(const Level& level, Instant now) const {
  const std::int64_t known =
      std::min(now.us - level.at.us, options_.stale_ms * us_per_ms);
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(known, 0));
  return {level.area + level.value * us, level.covered + us};
}

void GatewayLoad::update(Level& level, std::uint32_t value, bool draining,
                         Instant now) {
  if (level.at.us == 0) {
    level.since = now;
  } else {
    const Mark mark = at(level, now);
    level.area = mark.area;
    level.covered = mark.covered;
  }
  level.value = value;
  level.draining = draining;
  level.at = now;
}

void GatewayLoad::forget(Instant now) {
  std::erase_if(gateways_, [&](const auto& one) {
    return after_ms(one.second.at, options_.forget_ms) < now;
  });
  std::erase_if(left_, [&](const auto& one) {
    return after_ms(one.second.at, options_.forget_ms) < now;
  });
  // Endpoints that are gone are told of no more; there may be many levels.
  if (now < after_ms(pruned_, options_.stale_ms)) return;
  pruned_ = now;
  const auto old = [&](const auto& one) {
    return after_ms(one.second.at, options_.forget_ms) < now;
  };
  for (auto& [name, gateway] : gateways_) {
    std::erase_if(gateway.instances, old);
    std::erase_if(gateway.queued, old);
  }
}

std::size_t GatewayLoad::gateways() const {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  return static_cast<std::size_t>(
      std::count_if(gateways_.begin(), gateways_.end(), [&](const auto& one) {
        return now <= after_ms(one.second.at, options_.stale_ms);
      }));
}

std::optional<std::uint32_t> GatewayLoad::in_flight(
    const std::string& stream) const {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  const auto known = instances_.find(stream);
  if (known != instances_.end() && known->second.draining &&
      !known->second.served)
    return 0;
  if (!settled(now)) return std::nullopt;
  std::uint32_t sum = 0;
  bool anyone = false;
  for (const auto& [name, gateway] : gateways_) {
    if (after_ms(gateway.at, options_.forget_ms) < now) continue;
    const auto level = gateway.instances.find(stream);
    // A gateway that never heard of it may send it requests yet. The
    // gateway's word counts, not what was seen of the log here: whoever asks
    // may be ahead of that.
    if (level == gateway.instances.end() || !fresh(level->second, now) ||
        !level->second.draining)
      return std::nullopt;
    sum += level->second.value;
    anyone = true;
  }
  if (!anyone && now < after_ms(begun_, options_.first_ms)) return std::nullopt;
  return sum;
}

void GatewayLoad::start(const std::string& endpoint, const std::string& variant,
                        std::uint32_t window_ms,
                        std::function<void(LoadFacts)> window) {
  const std::lock_guard lock(mutex_);
  const Key key{endpoint, variant};
  Window& made = windows_[key];
  timers_.cancel(made.timer);
  made.window_ms = std::max(window_ms, 1U);
  made.hand_over = std::move(window);
  const Instant now = clock_.now();
  begin_window(key, made, now);
  const std::int64_t length = made.window_ms * us_per_ms;
  set_timer(key, made, {(now.us / length + 1) * length});
}

void GatewayLoad::stop(const std::string& endpoint,
                       const std::string& variant) {
  const std::lock_guard lock(mutex_);
  const auto found = windows_.find({endpoint, variant});
  if (found == windows_.end()) return;
  timers_.cancel(found->second.timer);
  windows_.erase(found);
}

void GatewayLoad::begin_window(const Key& key, Window& window, Instant from) {
  window.from = from;
  window.marks.clear();
  for (const auto& [name, gateway] : gateways_) {
    for_each_of(
        gateway.instances, key.first,
        [&, gateway_name = name](const auto& stream, const auto& level) {
          window.marks[{gateway_name, stream}] = at(level, from);
        });
    const auto queued = gateway.queued.find(key.first);
    if (queued != gateway.queued.end())
      window.marks[{name, key.first}] = at(queued->second, from);
  }
}

std::optional<std::uint64_t> GatewayLoad::mean_milli(const Window& window,
                                                     const std::string& gateway,
                                                     const std::string& name,
                                                     const Level& level,
                                                     Instant to) const {
  if (!fresh(level, to)) return std::nullopt;
  Mark before;
  const auto mark = window.marks.find({gateway, name});
  // A gateway that was away meanwhile begins anew.
  if (mark != window.marks.end() && level.since <= window.from)
    before = mark->second;
  const Mark now = at(level, to);
  if (now.covered <= before.covered) return level.value * std::uint64_t{1000};
  return (now.area - before.area) * 1000 / (now.covered - before.covered);
}

void GatewayLoad::add_instance(const std::string& stream,
                               const Instance& instance, const Window& window,
                               PoolLoadFact& pool, LoadFacts& facts) const {
  if (!instance.ready) return;
  ++pool.ready;
  if (!settled(facts.to)) return;
  std::uint64_t sum = 0;
  std::uint32_t now = 0;
  for (const auto& [name, gateway] : gateways_) {
    const auto level = gateway.instances.find(stream);
    if (level == gateway.instances.end()) return;
    const auto mean = mean_milli(window, name, stream, level->second, facts.to);
    if (!mean) return;
    sum += *mean;
    now += level->second.value;
  }
  if (gateways_.empty()) return;
  ++pool.reporting;
  pool.in_flight_milli += sum;
  facts.instances.emplace_back(
      *parse_instance_id(StreamId::parse(stream)->part(1)), now);
}

LoadFacts GatewayLoad::facts(const Key& key, const Window& window,
                             Instant to) const {
  LoadFacts facts{window.from, to, 0, {}, 0, {}};
  const auto desired = desired_.find(key);
  if (desired != desired_.end()) facts.desired = desired->second;
  std::map<std::string, PoolLoadFact> pools;
  const auto named = pools_.find(key);
  if (named != pools_.end()) {
    for (const auto& [name, most] : named->second)
      pools[name] = {name, 0, 0, most, 0};
  }
  for_each_of(instances_, key.first,
              [&](const std::string& stream, const Instance& instance) {
                if (instance.variant != key.second) return;
                PoolLoadFact& pool = pools[instance.pool];
                pool.pool = instance.pool;
                pool.max_concurrency = instance.max_concurrency;
                add_instance(stream, instance, window, pool, facts);
              });
  for (const auto& [name, gateway] : gateways_) {
    const auto level = gateway.queued.find(key.first);
    if (level == gateway.queued.end()) continue;
    const auto mean = mean_milli(window, name, key.first, level->second, to);
    facts.queued_milli += mean.value_or(0);
  }
  for (auto& [name, pool] : pools)
    facts.pools.push_back(std::move(pool));
  std::sort(facts.instances.begin(), facts.instances.end());
  return facts;
}

void GatewayLoad::set_timer(const Key& key, Window& window, Instant to) {
  window.timer = timers_.at(to, "load/" + key.first + '/' + key.second,
                            [this, key, to] { end_window(key, to); });
}

void GatewayLoad::end_window(const Key& key, Instant to) {
  std::function<void(LoadFacts)> hand_over;
  LoadFacts made;
  {
    const std::lock_guard lock(mutex_);
    const auto found = windows_.find(key);
    if (found == windows_.end()) return;
    Window& window = found->second;
    forget(clock_.now());
    made = facts(key, window, to);
    hand_over = window.hand_over;
    window.early = false;
    begin_window(key, window, to);
    set_timer(key, window, after_ms(to, window.window_ms));
  }
  if (made.from < made.to) hand_over(made);
}

std::vector<std::function<void()>> GatewayLoad::early_windows(
    const LoadReport& report, Instant now) {
  std::vector<std::function<void()>> calls;
  for (const ReportedEndpoint& one : report.endpoints) {
    if (one.queued == 0) continue;
    for (auto found = windows_.lower_bound({one.endpoint, ""});
         found != windows_.end() && found->first.first == one.endpoint;
         ++found) {
      auto call = early_window(found->first, found->second, now);
      if (call) calls.push_back(std::move(call));
    }
  }
  return calls;
}

std::function<void()> GatewayLoad::early_window(const Key& key, Window& window,
                                                Instant now) {
  if (window.early || window.from >= now) return {};
  LoadFacts made = facts(key, window, now);
  const bool ready =
      std::any_of(made.pools.begin(), made.pools.end(),
                  [](const PoolLoadFact& pool) { return pool.ready > 0; });
  if (ready || made.desired != 0) return {};
  // It has only just come: its mean over the past says nothing.
  made.queued_milli = 0;
  for (const auto& [name, gateway] : gateways_) {
    const auto level = gateway.queued.find(key.first);
    if (level != gateway.queued.end())
      made.queued_milli += level->second.value * std::uint64_t{1000};
  }
  window.early = true;
  begin_window(key, window, now);
  return [hand_over = window.hand_over, facts = std::move(made)] {
    hand_over(facts);
  };
}

}  // namespace understudy
