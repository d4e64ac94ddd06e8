#include "services/load/load_model.hpp"

#include <algorithm>

#include "actors/core/check.hpp"

namespace understudy {
namespace {

constexpr std::int64_t second_us = 1'000'000;

std::uint64_t milli(RequestNanos amount) {
  return amount <= 0 ? 0 : static_cast<std::uint64_t>(amount / 1'000'000);
}

std::int64_t ceil_div(RequestNanos a, std::int64_t b) {
  return static_cast<std::int64_t>((a + b - 1) / b);
}

}  // namespace

LoadModel::LoadModel(std::shared_ptr<const LoadTrace> trace,
                     LoadProfile profile, Instant since)
    : trace_(std::move(trace)), profile_(std::move(profile)), now_(since) {}

std::int64_t LoadModel::arrival_rate_milli() const {
  if (!open_ || !trace_) return 0;
  return trace_->rate_milli(now_) * std::int64_t{profile_.scale_milli} / 1000;
}

Instant LoadModel::next_rate_change() const {
  return open_ && trace_ ? trace_->next_change(now_) : Instant::never();
}

void LoadModel::advance(Instant to) {
  while (now_ < to) {
    const Instant until = std::min(to, next_rate_change());
    const bool room = arrival_rate_milli() <= rate_milli_;
    if (line_.length() == 0 && room) {
      step_in_time(until);
    } else {
      step_in_line(until);
    }
  }
}

/// Nobody waits: what comes is served at once.
void LoadModel::step_in_time(Instant to) {
  note_segment(false);
  const std::int64_t rate = arrival_rate_milli();
  const std::int64_t us = to.us - now_.us;
  const RequestNanos amount = RequestNanos{rate} * us;
  arrived_ += amount;
  served_ += amount;
  count_served(amount, rate, us);
  now_ = to;
}

/// All places are taken: what comes joins the line, the first of it are
/// served. Ends with the second, so that patience is judged then, and at the
/// microsecond in which the line is empty.
void LoadModel::step_in_line(Instant to) {
  note_segment(true);
  const std::int64_t rate = arrival_rate_milli();
  const std::int64_t second = now_.us / second_us;
  std::int64_t us = std::min(to.us, (second + 1) * second_us) - now_.us;
  if (rate < rate_milli_)
    us = std::min(us, ceil_div(line_.length(), rate_milli_ - rate));
  const RequestNanos came = RequestNanos{rate} * us;
  arrived_ += came;
  line_.join(second, came);
  const RequestNanos amount = line_.serve(RequestNanos{rate_milli_} * us);
  served_ += amount;
  delayed_ += amount;
  count_served(amount, rate_milli_, us);
  now_ = {now_.us + us};
  if (now_.us % second_us == 0)
    lost_ += line_.give_up(after_ms(now_, -std::int64_t{profile_.patience_ms}));
}

/// Spreads what was served over the pools as their rates are. The last one
/// takes what division leaves, so that the sum is exact.
void LoadModel::count_served(RequestNanos amount, std::int64_t rate_milli,
                             std::int64_t us) {
  Pool* last = nullptr;
  for (auto& [name, pool] : pools_) {
    if (pool.rate_milli == 0) continue;
    const auto share = static_cast<std::int64_t>(RequestNanos{rate_milli} *
                                                 pool.rate_milli / rate_milli_);
    pool.served += RequestNanos{share} * us;
    amount -= RequestNanos{share} * us;
    last = &pool;
  }
  if (last != nullptr) last->served += amount;
}

std::int64_t LoadModel::in_flight_milli(std::int64_t places,
                                        bool saturated) const {
  if (rate_milli_ == 0) return 0;
  if (saturated) return places * 1000;
  return static_cast<std::int64_t>(RequestNanos{arrival_rate_milli()} * places *
                                   1000 / rate_milli_);
}

void LoadModel::note_segment(bool saturated) {
  if (saturated && noted_saturated_) return;
  noted_saturated_ = saturated;
  Segment segment{now_, {}};
  for (const auto& [name, pool] : pools_) {
    if (pool.ready > 0)
      segment.in_flight_milli[name] = in_flight_milli(pool.places, saturated);
  }
  if (!history_.empty() &&
      history_.back().in_flight_milli == segment.in_flight_milli) {
    return;
  }
  history_.push_back(std::move(segment));
  // The second one began before what is asked for: the first is not needed.
  const Instant needed = after_ms(now_, -std::int64_t{history_ms_});
  while (history_.size() > 1 && history_[1].from <= needed)
    history_.pop_front();
}

void LoadModel::instance_ready(const std::string& pool, InstanceId id,
                               std::uint32_t max_concurrency) {
  open_ = open_ || instances_.empty();
  if (!instances_.try_emplace(id, Instance{pool, max_concurrency}).second)
    return;
  recount();
}

bool LoadModel::instance_left(InstanceId id) {
  if (instances_.erase(id) == 0) return false;
  recount();
  return true;
}

void LoadModel::close() { open_ = false; }

void LoadModel::recount() {
  noted_saturated_ = false;
  for (auto& [name, pool] : pools_)
    pool = {0, 0, 0, 1, pool.served};
  for (const auto& [id, instance] : instances_) {
    Pool& pool = pools_[instance.pool];
    pool.ready += 1;
    pool.places += instance.max_concurrency;
    pool.max_concurrency =
        std::max(pool.max_concurrency, instance.max_concurrency);
  }
  rate_milli_ = 0;
  for (auto& [name, pool] : pools_) {
    const auto own = profile_.pool_service_time_ms.find(name);
    const std::uint32_t service_ms =
        std::max(1U, own == profile_.pool_service_time_ms.end()
                         ? profile_.service_time_ms
                         : own->second);
    pool.rate_milli = pool.places * 1'000'000 / service_ms;
    rate_milli_ += pool.rate_milli;
  }
}

LoadFacts LoadModel::facts(Instant from) const {
  UNDERSTUDY_CHECK(from <= now_);
  LoadFacts facts;
  facts.from = from;
  facts.to = now_;
  facts.queued_milli = milli(line_.length());
  const bool saturated =
      line_.length() > 0 || arrival_rate_milli() > rate_milli_;
  const std::int64_t window_us = std::max<std::int64_t>(1, now_.us - from.us);
  for (const auto& [name, pool] : pools_) {
    if (pool.ready == 0) continue;
    RequestNanos sum = 0;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      const Instant until =
          i + 1 < history_.size() ? history_[i + 1].from : now_;
      const std::int64_t us = until.us - std::max(history_[i].from, from).us;
      const auto found = history_[i].in_flight_milli.find(name);
      if (us > 0 && found != history_[i].in_flight_milli.end())
        sum += RequestNanos{found->second} * us;
    }
    facts.pools.push_back({name, pool.ready, trace_ ? pool.ready : 0,
                           pool.max_concurrency,
                           static_cast<std::uint64_t>(sum / window_us)});
  }
  for (const auto& [id, instance] : instances_) {
    const std::int64_t on_it =
        in_flight_milli(instance.max_concurrency, saturated);
    facts.instances.emplace_back(
        id, static_cast<std::uint32_t>((on_it + 500) / 1000));
  }
  return facts;
}

LoadTotals LoadModel::totals() const {
  LoadTotals totals{milli(arrived_), milli(served_),        milli(delayed_),
                    milli(lost_),    milli(line_.length()), {}};
  for (const auto& [name, pool] : pools_)
    totals.served_by_pool_milli[name] = milli(pool.served);
  return totals;
}

}  // namespace understudy
