#include "services/load/simulated_load.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace understudy {

SimulatedLoad::SimulatedLoad(Clock& clock) : clock_(clock), timers_(clock) {}

void SimulatedLoad::add(const std::string& endpoint, const std::string& variant,
                        LoadTrace trace, LoadProfile profile) {
  const std::lock_guard lock(mutex_);
  profiles_[{endpoint, variant}] = {
      std::make_shared<const LoadTrace>(std::move(trace)), std::move(profile)};
}

/// The variant, known from `at` on if it was not before.
SimulatedLoad::Variant& SimulatedLoad::variant(const std::string& endpoint,
                                               const std::string& name,
                                               Instant at) {
  const Key key{endpoint, name};
  const auto found = variants_.find(key);
  if (found != variants_.end()) return found->second;
  const auto profile = profiles_.find(key);
  LoadModel model =
      profile == profiles_.end()
          ? LoadModel(nullptr, {}, at)
          : LoadModel(profile->second.first, profile->second.second, at);
  Variant fresh{std::move(model), 0, at, at, 0, {}, 0};
  return variants_.emplace(key, std::move(fresh)).first->second;
}

void SimulatedLoad::start(const std::string& endpoint,
                          const std::string& variant_name,
                          std::uint32_t window_ms,
                          std::function<void(LoadFacts)> window) {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  const Key key{endpoint, variant_name};
  Variant& variant = this->variant(endpoint, variant_name, now);
  timers_.cancel(variant.timer);
  variant.window_ms = std::max(1U, window_ms);
  variant.window = std::move(window);
  variant.model.keep_history(std::max(3'600'000U, variant.window_ms));
  // The window that ends now is due unless it was handed over: a restart
  // cannot know whether that was still to come.
  const std::int64_t width_us = std::int64_t{variant.window_ms} * 1000;
  Instant to{(now.us + width_us - 1) / width_us * width_us};
  while (to <= variant.handed_over || to <= variant.known_since)
    to = after_ms(to, variant.window_ms);
  set_timer(key, variant, to);
}

void SimulatedLoad::set_timer(const Key& key, Variant& variant, Instant to) {
  variant.timer = timers_.at(to, "load:" + key.first + '/' + key.second,
                             [this, key, to] { hand_over(key, to); });
}

void SimulatedLoad::hand_over(const Key& key, Instant to) {
  std::function<void(LoadFacts)> window;
  LoadFacts facts;
  {
    const std::lock_guard lock(mutex_);
    const auto found = variants_.find(key);
    if (found == variants_.end() || !found->second.window) return;
    Variant& variant = found->second;
    variant.model.advance(to);
    const Instant from = after_ms(to, -std::int64_t{variant.window_ms});
    facts = variant.model.facts(from);
    // On real time the model may have been told of something later.
    facts.to = to;
    facts.desired = variant.desired;
    variant.handed_over = to;
    set_timer(key, variant, after_ms(to, variant.window_ms));
    window = variant.window;
  }
  window(std::move(facts));
}

void SimulatedLoad::stop(const std::string& endpoint,
                         const std::string& variant) {
  const std::lock_guard lock(mutex_);
  const auto found = variants_.find({endpoint, variant});
  if (found == variants_.end()) return;
  timers_.cancel(found->second.timer);
  found->second.window = nullptr;
}

void SimulatedLoad::instance_ready(const std::string& endpoint,
                                   const std::string& variant_name,
                                   const std::string& pool, InstanceId id,
                                   std::uint32_t max_concurrency, Instant at) {
  const std::lock_guard lock(mutex_);
  Variant& variant = this->variant(endpoint, variant_name, at);
  variant.model.advance(at);
  variant.model.instance_ready(pool, id, max_concurrency);
}

void SimulatedLoad::instance_left(const std::string& endpoint, InstanceId id,
                                  Instant at) {
  const std::lock_guard lock(mutex_);
  for (auto place = variants_.lower_bound({endpoint, ""});
       place != variants_.end() && place->first.first == endpoint; ++place) {
    place->second.model.advance(at);
    if (place->second.model.instance_left(id)) return;
  }
}

void SimulatedLoad::set_desired(const std::string& endpoint,
                                const std::string& variant_name,
                                std::uint32_t desired, Instant at) {
  const std::lock_guard lock(mutex_);
  variant(endpoint, variant_name, at).desired = desired;
}

void SimulatedLoad::endpoint_closed(const std::string& endpoint, Instant at) {
  const std::lock_guard lock(mutex_);
  for (auto place = variants_.lower_bound({endpoint, ""});
       place != variants_.end() && place->first.first == endpoint; ++place) {
    place->second.model.advance(at);
    place->second.model.close();
  }
}

void SimulatedLoad::window_seen(const std::string& endpoint,
                                const std::string& variant_name, Instant to) {
  const std::lock_guard lock(mutex_);
  Variant& seen = variant(endpoint, variant_name, to);
  seen.handed_over = std::max(seen.handed_over, to);
}

LoadTotals SimulatedLoad::totals(const std::string& endpoint,
                                 const std::string& variant_name, Instant at) {
  const std::lock_guard lock(mutex_);
  LoadModel& model = variant(endpoint, variant_name, at).model;
  model.advance(at);
  return model.totals();
}

}  // namespace understudy
