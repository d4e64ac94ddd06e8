/// What happens to instances after their launch, and what an operator or a
/// test does to the world.

#include <algorithm>
#include <utility>

#include "services/capacity/simulated_capacity.hpp"

namespace understudy {

void SimulatedCapacity::terminate(const std::string& provider_ref,
                                  Instant requested_at,
                                  std::function<void(TerminateAnswer)> done) {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  const auto found = held_.find(provider_ref);
  const bool known = found != held_.end();
  const std::size_t entry =
      ledger_.add({LedgerKind::terminate, now, Instant::never(), provider_ref,
                   known ? found->second.offering : Offering{}});
  const Instant gone = draw_after(requested_at, world_.terminate, seed_,
                                  "terminate", provider_ref);
  timers_.at(known ? std::max(gone, now) : now,
             "capacity:terminate:" + provider_ref,
             [this, provider_ref, entry, done = std::move(done)] {
               finish_terminate(provider_ref, entry, done);
             });
}

void SimulatedCapacity::finish_terminate(
    const std::string& provider_ref, std::size_t entry,
    const std::function<void(TerminateAnswer)>& done) {
  TerminateAnswer answer = TerminateAnswer::gone;
  {
    const std::lock_guard lock(mutex_);
    if (!terminate_scripts_.empty()) {
      answer = terminate_scripts_.front();
      terminate_scripts_.erase(terminate_scripts_.begin());
    }
    if (answer != TerminateAnswer::failed) let_go(provider_ref);
    ledger_.answer(entry, clock_.now(), 0, 0, RefusalKind::none);
  }
  done(answer);
}

void SimulatedCapacity::list(
    const std::string& owner,
    std::function<void(Result<std::vector<ProviderInstance>>)> done) {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  const std::size_t entry =
      ledger_.add({LedgerKind::list, now, Instant::never(), owner, {}});
  timers_.at(now, "capacity:list:" + owner,
             [this, owner, entry, done = std::move(done)] {
               std::vector<ProviderInstance> instances;
               {
                 const std::lock_guard answering(mutex_);
                 for (const auto& [ref, held] : held_) {
                   if (held.owner == owner) instances.push_back(held.instance);
                 }
                 ledger_.answer(entry, clock_.now(), 0, 0, RefusalKind::none);
               }
               done(std::move(instances));
             });
}

void SimulatedCapacity::on_notice(std::function<void(ProviderNotice)> notice) {
  const std::lock_guard lock(mutex_);
  notice_ = std::move(notice);
}

/// Takes on one more instance, which is not held yet, and sets out to take it
/// away again where the world does that.
ProviderInstance SimulatedCapacity::hold(const HeldInstance& instance) {
  const std::string ref = provider_ref_of(instance.token, instance.index);
  Held held{{ref, address_of(ref), instance.token, instance.index},
            instance.owner,
            instance.offering};
  ProviderInstance taken_on = held.instance;
  held_.emplace(ref, std::move(held));
  held_count_[instance.offering] += 1;
  calls_[instance.token].live += 1;
  if (!world_.reclaim.enabled || instance.offering.market != Market::spot)
    return taken_on;
  const Instant notice = draw_after(
      instance.launched_at, world_.reclaim.lifetime, seed_, "reclaim", ref);
  const Instant gone = after_ms(notice, world_.reclaim.notice_ms);
  // Restored after its notice: that was given before the restart.
  if (world_.reclaim.notice_ms > 0 && notice >= clock_.now()) {
    timers_.at(notice, "capacity:reclaim:" + ref,
               [this, ref, gone] { give_notice(ref, gone); });
  }
  timers_.at(std::max(gone, clock_.now()), "capacity:gone:" + ref,
             [this, ref] { end_by_itself(ref); });
  return taken_on;
}

std::optional<SimulatedCapacity::Held> SimulatedCapacity::let_go(
    const std::string& provider_ref) {
  const auto found = held_.find(provider_ref);
  if (found == held_.end()) return std::nullopt;
  Held held = std::move(found->second);
  held_.erase(found);
  held_count_[held.offering] -= 1;
  if (held_receiver_) {
    // It is gone, whether that can be written down or not.
    (void)held_receiver_({{held.owner, held.instance.token, held.instance.index,
                           held.offering, clock_.now()}},
                         false);
  }
  const auto call = calls_.find(held.instance.token);
  if (call != calls_.end() && --call->second.live == 0 && call->second.answer)
    rest(call->first, call->second);
  return held;
}

void SimulatedCapacity::give_notice(const std::string& provider_ref,
                                    Instant reclaim_at) {
  std::function<void(ProviderNotice)> notice;
  ProviderNotice news;
  {
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(provider_ref);
    if (found == held_.end() || !notice_) return;
    const Held& held = found->second;
    ledger_.add({LedgerKind::notice, clock_.now(), clock_.now(), provider_ref,
                 held.offering});
    news = {provider_ref, held.instance.token, held.instance.index,
            false,        reclaim_at,          "reclaimed by the provider"};
    notice = notice_;
  }
  notice(news);
}

void SimulatedCapacity::end_by_itself(const std::string& provider_ref) {
  std::function<void(ProviderNotice)> notice;
  ProviderNotice news;
  {
    const std::lock_guard lock(mutex_);
    const auto held = let_go(provider_ref);
    if (!held) return;
    ledger_.add({LedgerKind::notice, clock_.now(), clock_.now(), provider_ref,
                 held->offering});
    news = {provider_ref, held->instance.token, held->instance.index,
            true,         clock_.now(),         "reclaimed by the provider"};
    notice = notice_;
  }
  if (notice) notice(news);
}

void SimulatedCapacity::script(const Offering& offering, const Script& script) {
  const std::lock_guard lock(mutex_);
  scripts_[offering].push_back(script);
}

void SimulatedCapacity::script_terminate(TerminateAnswer answer,
                                         std::uint32_t calls) {
  const std::lock_guard lock(mutex_);
  terminate_scripts_.insert(terminate_scripts_.end(), calls, answer);
}

void SimulatedCapacity::close(const Offering& offering) {
  const std::lock_guard lock(mutex_);
  closed_.insert(offering);
}

void SimulatedCapacity::open(const Offering& offering) {
  const std::lock_guard lock(mutex_);
  closed_.erase(offering);
}

void SimulatedCapacity::take_away(const std::string& provider_ref,
                                  std::uint32_t notice_ms) {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  const Instant gone = after_ms(now, notice_ms);
  if (notice_ms > 0) {
    timers_.at(now, "capacity:reclaim:" + provider_ref,
               [this, provider_ref, gone] { give_notice(provider_ref, gone); });
  }
  timers_.at(gone, "capacity:gone:" + provider_ref,
             [this, provider_ref] { end_by_itself(provider_ref); });
}

void SimulatedCapacity::restore(const std::vector<HeldInstance>& instances) {
  const std::lock_guard lock(mutex_);
  for (const HeldInstance& instance : instances) {
    if (held_.contains(provider_ref_of(instance.token, instance.index)))
      continue;
    Call& call = calls_[instance.token];
    call.restored = true;
    if (!call.answer) call.answer = LaunchAnswer{};
    call.answer->granted.push_back(hold(instance));
  }
}

void SimulatedCapacity::on_held(HeldReceiver receive) {
  const std::lock_guard lock(mutex_);
  held_receiver_ = std::move(receive);
}

std::uint32_t SimulatedCapacity::held(const Offering& offering) const {
  const std::lock_guard lock(mutex_);
  const auto found = held_count_.find(offering);
  return found == held_count_.end() ? 0 : found->second;
}

bool SimulatedCapacity::closed(const Offering& offering) const {
  const std::lock_guard lock(mutex_);
  return closed_.contains(offering);
}

std::vector<Script> SimulatedCapacity::scripts(const Offering& offering) const {
  const std::lock_guard lock(mutex_);
  const auto found = scripts_.find(offering);
  return found == scripts_.end() ? std::vector<Script>() : found->second;
}

std::vector<LedgerEntry> SimulatedCapacity::ledger() const {
  const std::lock_guard lock(mutex_);
  return ledger_.entries();
}

std::map<Offering, LaunchTotals> SimulatedCapacity::totals() const {
  const std::lock_guard lock(mutex_);
  return ledger_.totals();
}

}  // namespace understudy
