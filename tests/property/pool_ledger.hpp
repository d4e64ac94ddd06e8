#pragma once

/// An auditor that reads a pool's events, knows nothing of its state, and
/// fails the property when a rule of the decision table is broken. Mind that
/// RC_ASSERT evaluates both sides of `||` and `&&`.

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include <rapidcheck.h>

#include "actors/pool/event.hpp"

namespace understudy::pool {

class Ledger {
 public:
  void read(const Event& event, Instant at) {
    at_ = at;
    std::visit([this](const auto& known) { book(known); }, event);
  }

  /// Requests that have not ended.
  [[nodiscard]] std::size_t open() const { return requests_.size(); }
  [[nodiscard]] const std::set<std::string>& reported() const {
    return reported_;
  }
  [[nodiscard]] const std::set<std::string>& given_back() const {
    return given_back_;
  }

 private:
  struct Account {
    std::uint64_t asked = 0;
    std::uint64_t granted = 0;
    std::uint64_t withdrawn = 0;
    std::optional<LaunchAttempted> attempt;
    std::uint16_t attempts = 0;
    std::uint32_t generation = 0;  ///< Of the specification asked under.
    std::set<Offering> refused;

    [[nodiscard]] std::uint64_t wanted() const {
      return asked - std::min(asked, granted + withdrawn);
    }
  };
  struct Zone {
    bool cooling = false;
    bool infeasible = false;
    Instant until;
    Instant patience;
    std::uint32_t level = 0;
    std::uint32_t budget = 0;
  };

  void book(const PoolConfigured& event) {
    std::map<Offering, Zone> kept;
    const bool changed = !(event.spec == config_.spec) ||
                         event.model != config_.model ||
                         event.environment != config_.environment;
    for (std::size_t i = 0; i < event.spec.zones.size(); ++i) {
      const Offering offering = event.spec.offering(i);
      kept[offering] = zones_.contains(offering) ? zones_[offering] : Zone{};
      if (changed) kept[offering].infeasible = false;
    }
    RC_ASSERT(!(event == config_) || !configured_);
    zones_ = kept;
    config_ = event;
    configured_ = true;
    if (!changed) return;
    ++generation_;
    for (auto& [id, account] : requests_)
      account.refused.clear();
  }

  void book(const LaunchRequested& event) {
    RC_ASSERT(event.count > 0U);
    RC_ASSERT(last_ < event.request);
    last_ = event.request;
    requests_[event.request].asked = event.count;
  }

  void book(const LaunchAttempted& event) {
    Account& account = requests_.at(event.request);
    RC_ASSERT(!account.attempt);
    RC_ASSERT(event.attempt == account.attempts + 1);
    RC_ASSERT(event.count > 0U);
    RC_ASSERT(event.count <= account.wanted());
    RC_ASSERT(!account.refused.contains(event.offering));
    const Zone& zone = zones_.at(event.offering);
    RC_ASSERT(!zone.cooling);
    RC_ASSERT(!zone.infeasible);
    RC_ASSERT(zone.patience <= at_);
    account.attempts = event.attempt;
    account.attempt = event;
    account.generation = generation_;
    RC_ASSERT(zone.budget == 0 || in_flight(event.offering) <= zone.budget);
  }

  void book(const InstanceLaunched& event) {
    Account& account = requests_.at(event.request);
    close(account, event.attempt, event.offering);
    RC_ASSERT(!event.instances.empty());
    for (const LaunchedInstance& instance : event.instances) {
      RC_ASSERT(instance.id.request() == event.request);
      RC_ASSERT(instance.id.attempt() == event.attempt);
      RC_ASSERT(instances_.insert(instance.id).second);
      reported_.insert(instance.provider_ref);
    }
    account.granted += event.instances.size();
    RC_ASSERT(account.granted <= account.asked);
    if (account.granted == account.asked) requests_.erase(event.request);
    if (!zones_.contains(event.offering)) return;
    Zone& zone = zones_[event.offering];
    zone.level = 0;
    zone.budget = zone.budget * 2 >= 64 ? 0 : zone.budget * 2;
  }

  void book(const LaunchRefused& event) {
    Account& account = requests_.at(event.request);
    // After a partial grant the attempt is closed already.
    const bool current = account.generation == generation_;
    if (account.attempt) close(account, event.attempt, event.offering);
    RC_ASSERT(event.attempt == account.attempts);
    RC_ASSERT(event.count > 0U);
    RC_ASSERT(event.kind == RefusalKind::capacity ||
              event.kind == RefusalKind::quota ||
              event.kind == RefusalKind::infeasible ||
              event.kind == RefusalKind::unknown);
    account.refused.insert(event.offering);
    // Of a call older than the specification it says nothing now.
    if (event.kind == RefusalKind::infeasible && current &&
        zones_.contains(event.offering)) {
      zones_[event.offering].infeasible = true;
    }
  }

  void book(const LaunchDeferred& event) {
    Account& account = requests_.at(event.request);
    if (account.attempt) close(account, event.attempt, event.offering);
    RC_ASSERT(ms_between(at_, event.until) >= 1'000);
    if (zones_.contains(event.offering)) {
      zones_[event.offering].patience = event.until;
    }
  }

  void book(const LaunchUnconfirmed& event) {
    RC_ASSERT(in_flight(event.request, event.attempt));
  }

  void book(const LaunchWithdrawn& event) {
    Account& account = requests_.at(event.request);
    RC_ASSERT(event.count > 0U);
    RC_ASSERT(event.count <= account.wanted());
    account.withdrawn += event.count;
  }

  void book(const CapacityDenied& event) {
    const Account& account = requests_.at(event.request);
    RC_ASSERT(!account.attempt);
    RC_ASSERT(account.granted < account.asked);
    RC_ASSERT(event.count == account.wanted());
    const std::uint64_t sum = account.granted + account.withdrawn + event.count;
    // What was withdrawn too late came all the same.
    const std::uint64_t surplus = sum - account.asked;
    RC_ASSERT(surplus <= account.withdrawn);
    RC_ASSERT(surplus == 0U || event.count == 0U);
    RC_ASSERT(event.refusals.size() == zones_.size());
    for (const OfferingRefusal& refusal : event.refusals) {
      RC_ASSERT(event.count == 0 || refusal.kind != RefusalKind::none);
      const Zone& zone = zones_.at(refusal.offering);
      RC_ASSERT(refusal.until == (zone.cooling ? zone.until : Instant{}));
    }
    RC_ASSERT(event.reopens_at == earliest_end());
    requests_.erase(event.request);
  }

  void book(const PoolCooledDown& event) {
    Zone& zone = zones_.at(event.offering);
    RC_ASSERT(!zone.cooling || zone.until <= at_);
    RC_ASSERT(event.level == zone.level + 1);
    const std::int64_t full = std::min(
        std::int64_t{config_.cool_down.base_ms} << std::min(zone.level, 20U),
        std::int64_t{config_.cool_down.cap_ms});
    RC_ASSERT(ms_between(at_, event.until) <= full);
    RC_ASSERT(ms_between(at_, event.until) >= full - full / 5);
    zone.cooling = true;
    zone.until = event.until;
    zone.level = event.level;
    zone.budget = 1;
  }

  void book(const PoolReopened& event) {
    Zone& zone = zones_.at(event.offering);
    RC_ASSERT(zone.cooling);
    RC_ASSERT(zone.until <= at_);
    zone.cooling = false;
    zone.budget = 1;
  }

  void book(const OrphanReturned& event) {
    RC_ASSERT(!in_flight(event.request, event.attempt));
    RC_ASSERT(given_back_.insert(event.provider_ref).second);
  }

  void book(const OrphanReleased& event) {
    RC_ASSERT(given_back_.erase(event.provider_ref) == 1U);
  }

  static void close(Account& account, std::uint16_t attempt,
                    const Offering& offering) {
    RC_ASSERT(account.attempt.has_value());
    RC_ASSERT(account.attempt->attempt == attempt);
    RC_ASSERT(account.attempt->offering == offering);
    account.attempt.reset();
  }

  [[nodiscard]] std::uint64_t in_flight(const Offering& offering) const {
    std::uint64_t sum = 0;
    for (const auto& [id, account] : requests_) {
      if (account.attempt && account.attempt->offering == offering) {
        sum += account.attempt->count;
      }
    }
    return sum;
  }

  [[nodiscard]] bool in_flight(RequestId id, std::uint16_t attempt) const {
    const auto found = requests_.find(id);
    return found != requests_.end() && found->second.attempt &&
           found->second.attempt->attempt == attempt;
  }

  [[nodiscard]] Instant earliest_end() const {
    Instant earliest = Instant::never();
    for (const auto& [offering, zone] : zones_) {
      if (zone.cooling) earliest = std::min(earliest, zone.until);
    }
    return earliest == Instant::never() ? Instant{} : earliest;
  }

  Instant at_;
  RequestId last_;
  bool configured_ = false;
  std::uint32_t generation_ = 0;  ///< Counts changes of the specification.
  PoolConfigured config_;
  std::map<RequestId, Account> requests_;
  std::map<Offering, Zone> zones_;
  std::set<InstanceId> instances_;
  std::set<std::string> reported_;
  std::set<std::string> given_back_;
};

}  // namespace understudy::pool
