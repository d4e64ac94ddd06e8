#include "services/capacity/simulated_capacity.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "actors/core/hash.hpp"

namespace understudy {
namespace {

LaunchAnswer refusal(const LaunchCall& call, RefusalKind kind,
                     const std::string& code, const std::string& message) {
  LaunchAnswer answer;
  answer.refused = call.count;
  answer.kind = kind;
  answer.code = code;
  answer.message = message;
  return answer;
}

LaunchAnswer exhausted(const LaunchCall& call) {
  return refusal(call, RefusalKind::capacity, "ZONE_RESOURCE_POOL_EXHAUSTED",
                 "zone " + call.offering.zone + " has no " +
                     std::string(name_of(call.offering.market)) + " " +
                     call.offering.instance_type + " left now");
}

LaunchAnswer infeasible(const LaunchCall& call) {
  return refusal(call, RefusalKind::infeasible, "UNSUPPORTED_OPERATION",
                 call.offering.instance_type + " is not offered as " +
                     std::string(name_of(call.offering.market)) + " in zone " +
                     call.offering.zone);
}

LaunchAnswer unknown() {
  LaunchAnswer answer;
  answer.kind = RefusalKind::unknown;
  answer.code = "TIMEOUT";
  answer.message = "the call was not answered in time";
  return answer;
}

LaunchAnswer throttled(std::uint32_t retry_after_ms) {
  LaunchAnswer answer;
  answer.kind = RefusalKind::throttled;
  answer.code = "RATE_LIMIT_EXCEEDED";
  answer.message = "too many launch calls";
  answer.retry_after_ms = retry_after_ms;
  return answer;
}

/// A provider that cannot write down what it launches launches nothing.
LaunchAnswer unrecorded(const Error& error) {
  LaunchAnswer answer = throttled(5'000);
  answer.code = "PROVIDER_CANNOT_RECORD";
  answer.message = error.message;
  return answer;
}

LaunchAnswer over_quota(const LaunchCall& call) {
  return refusal(call, RefusalKind::quota, "QUOTA_EXCEEDED",
                 "the account may hold no more " +
                     std::string(name_of(call.offering.market)) + " " +
                     call.offering.instance_type);
}

/// Whether the same token gets this answer again, rather than a new try.
bool settles(const LaunchAnswer& answer) {
  return answer.kind != RefusalKind::throttled &&
         answer.kind != RefusalKind::unknown;
}

}  // namespace

SimulatedCapacity::SimulatedCapacity(Clock& clock, CapacityTrace trace,
                                     ProviderWorld world, std::uint64_t seed,
                                     std::size_t kept)
    : clock_(clock),
      trace_(std::move(trace)),
      world_(world),
      seed_(seed),
      kept_(kept),
      ledger_(kept),
      timers_(clock) {}

void SimulatedCapacity::launch(const LaunchCall& call,
                               std::function<void(LaunchAnswer)> done) {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  const auto [place, fresh] = calls_.try_emplace(call.token);
  Call& known = place->second;
  const bool waiting = !known.waiters.empty();
  const bool settled = known.answer.has_value();
  known.waiters.push_back(
      {ledger_.add({LedgerKind::launch, now, Instant::never(), call.token,
                    call.offering, call.count, 0, 0, RefusalKind::none,
                    waiting || settled}),
       std::move(done)});
  if (waiting) return;
  if (!settled || known.restored) known.call = call;
  if (known.restored) complete(known);
  const std::string key = "capacity:launch:" + call.token;
  const Instant early = draw_after(call.requested_at, world_.refusal, seed_,
                                   "refusal", call.token);
  const Instant late =
      draw_after(call.requested_at, world_.launch, seed_, "launch", call.token);
  // Made again after a restart, past the instant of an early refusal: it was
  // not refused then, or it would not be made again.
  if (!settled && early >= now) {
    timers_.at(early, key, [this, token = call.token] { decide_early(token); });
  } else {
    timers_.at(settled ? now : std::max(late, now), key,
               [this, token = call.token] { decide_late(token); });
  }
}

/// The log says what a token was granted, the call that is made again how
/// much it had asked for.
void SimulatedCapacity::complete(Call& restored) {
  LaunchAnswer answer;
  const auto granted =
      static_cast<std::uint32_t>(restored.answer->granted.size());
  if (granted < restored.call.count) {
    answer = exhausted(restored.call);
    answer.refused = restored.call.count - granted;
  }
  answer.granted = std::move(restored.answer->granted);
  restored.answer = std::move(answer);
  restored.restored = false;
}

void SimulatedCapacity::decide_early(const std::string& token) {
  std::unique_lock lock(mutex_);
  Call& call = calls_.at(token);
  std::optional<LaunchAnswer> answer = scripted_answer(call);
  call.judged = true;
  if (!answer && !call.lost && !call.silent) {
    if (!trace_.at(call.call.offering, clock_.now())) {
      answer = infeasible(call.call);
    } else if (room(call.call.offering) == 0 && call.call.count > 0) {
      answer = exhausted(call.call);
    }
  }
  if (answer) return deliver(token, *answer, std::move(lock));
  const Instant late =
      draw_after(call.call.requested_at, world_.launch, seed_, "launch", token);
  timers_.at(std::max(late, clock_.now()), "capacity:launch:" + token,
             [this, token] { decide_late(token); });
}

void SimulatedCapacity::decide_late(const std::string& token) {
  std::unique_lock lock(mutex_);
  Call& call = calls_.at(token);
  if (!call.answer && !call.judged) {
    if (auto answer = scripted_answer(call))
      return deliver(token, *answer, std::move(lock));
  }
  if (call.lost) return deliver(token, unknown(), std::move(lock));
  if (!call.answer) {
    const LaunchAnswer made = grant(call.call);
    if (!settles(made)) return deliver(token, made, std::move(lock));
    call.answer = made;
  }
  if (call.silent) {
    call.silent = false;
    return deliver(token, unknown(), std::move(lock));
  }
  const LaunchAnswer answer = *call.answer;
  deliver(token, answer, std::move(lock));
}

void SimulatedCapacity::deliver(const std::string& token,
                                const LaunchAnswer& answer,
                                std::unique_lock<std::mutex> lock) {
  Call& call = calls_.at(token);
  const std::vector<Waiter> waiters = std::move(call.waiters);
  call.waiters.clear();
  for (const Waiter& waiter : waiters) {
    ledger_.answer(waiter.entry, clock_.now(),
                   static_cast<std::uint32_t>(answer.granted.size()),
                   answer.refused, answer.kind);
  }
  if (settles(answer)) call.answer = answer;
  if (!call.answer) {
    calls_.erase(token);
  } else if (call.live == 0) {
    rest(token, call);
  }
  lock.unlock();
  for (const Waiter& waiter : waiters)
    waiter.done(answer);
}

/// No instance of the token lives: its answer is kept as long as there is
/// room for it.
void SimulatedCapacity::rest(const std::string& token, Call& call) {
  if (call.resting) return;
  call.resting = true;
  resting_.push_back(token);
  while (resting_.size() > kept_) {
    const auto oldest = calls_.find(resting_.front());
    // One that is being asked again just now gets its answer first.
    if (oldest != calls_.end() && !oldest->second.waiters.empty()) return;
    if (oldest != calls_.end()) calls_.erase(oldest);
    resting_.pop_front();
  }
}

/// What a script has in store for this call; nothing when it goes its way,
/// perhaps marked as one that nobody will answer.
std::optional<LaunchAnswer> SimulatedCapacity::scripted_answer(Call& call) {
  const auto script = next_script(call.call.offering);
  if (!script) return std::nullopt;
  switch (script->answer) {
    case Scripted::quota:
      return over_quota(call.call);
    case Scripted::throttled:
      return throttled(script->retry_after_ms);
    case Scripted::infeasible:
      return infeasible(call.call);
    case Scripted::unknown_launched:
      call.silent = true;
      return std::nullopt;
    case Scripted::unknown_lost:
      call.lost = true;
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Script> SimulatedCapacity::next_script(const Offering& offering) {
  auto& scripts = scripts_[offering];
  while (!scripts.empty() && clock_.now() >= scripts.front().until)
    scripts.erase(scripts.begin());
  if (scripts.empty()) return std::nullopt;
  const Script script = scripts.front();
  if (script.calls == 1) scripts.erase(scripts.begin());
  if (script.calls > 1) scripts.front().calls -= 1;
  return script;
}

LaunchAnswer SimulatedCapacity::grant(const LaunchCall& call) {
  if (!trace_.at(call.offering, clock_.now())) return infeasible(call);
  const std::uint32_t count = std::min(call.count, room(call.offering));
  LaunchAnswer answer;
  if (count < call.count) {
    answer = exhausted(call);
    answer.refused = call.count - count;
  }
  std::vector<HeldInstance> instances;
  for (std::uint32_t index = 0; index < count; ++index) {
    instances.push_back(
        {call.owner, call.token, index, call.offering, clock_.now()});
  }
  if (held_receiver_ && count > 0) {
    const auto kept = held_receiver_(instances, true);
    if (!kept) return unrecorded(kept.error());
  }
  for (const HeldInstance& instance : instances)
    answer.granted.push_back(hold(instance));
  return answer;
}

std::uint32_t SimulatedCapacity::room(const Offering& offering) const {
  if (closed_.contains(offering)) return 0;
  const std::uint32_t capacity = trace_.at(offering, clock_.now()).value_or(0);
  const auto found = held_count_.find(offering);
  const std::uint32_t used = found == held_count_.end() ? 0 : found->second;
  return capacity > used ? capacity - used : 0;
}

std::string SimulatedCapacity::provider_ref_of(const std::string& token,
                                               std::uint32_t index) {
  return "sim:" + token + '-' + std::to_string(index);
}

std::string SimulatedCapacity::address_of(const std::string& provider_ref) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%016llx.simulated.invalid:8080",
                static_cast<unsigned long long>(mix(hash_text(provider_ref))));
  return text.data();
}

}  // namespace understudy
