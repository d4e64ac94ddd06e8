#pragma once

/// A provider whose capacity is a recorded trace. What it grants depends on
/// the trace, on what it has granted before, and on ids: the same calls give
/// the same answers at the same instants, also when a call is made again
/// after a restart. The rules stand in services/capacity/README.md.
///
/// Thread safety: all calls from any thread. Ownership: the clock must
/// outlive it. Callbacks run on the clock's thread, outside of its lock.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/ports/capacity_provider.hpp"
#include "actors/ports/clock.hpp"
#include "services/capacity/capacity_ledger.hpp"
#include "services/capacity/capacity_trace.hpp"
#include "services/capacity/operated_capacity.hpp"
#include "services/capacity/world.hpp"
#include "services/clock/timer_group.hpp"

namespace understudy {

/// An instance that a log says is held, for `restore`.
struct HeldInstance {
  std::string owner;
  std::string token;
  std::uint32_t index = 0;
  Offering offering;
  Instant launched_at;
};

class SimulatedCapacity final : public CapacityProvider,
                                public OperatedCapacity {
 public:
  /// So many calls are kept in the ledger, and so many answers to tokens of
  /// which no instance lives; those of live instances are always kept.
  static constexpr std::size_t kept_calls = 10'000;

  SimulatedCapacity(Clock& clock, CapacityTrace trace, ProviderWorld world,
                    std::uint64_t seed, std::size_t kept = kept_calls);

  void launch(const LaunchCall& call,
              std::function<void(LaunchAnswer)> done) override;
  void terminate(const std::string& provider_ref, Instant requested_at,
                 std::function<void(TerminateAnswer)> done) override;
  void list(
      const std::string& owner,
      std::function<void(Result<std::vector<ProviderInstance>>)> done) override;
  void on_notice(std::function<void(ProviderNotice)> notice) override;

  [[nodiscard]] Result<std::vector<OfferingState>> offering_states()
      const override;
  Result<OfferingState> change_offering(const CapacityChange& change) override;

  /// Scripts of one offering are used up in the order they were given.
  void script(const Offering& offering, const Script& script);
  /// The next `calls` answers to `terminate` are this one. With `ending` the
  /// instance goes nevertheless, with `failed` it stays.
  void script_terminate(TerminateAnswer answer, std::uint32_t calls);
  /// A closed offering has no capacity, whatever the trace says.
  void close(const Offering& offering);
  void open(const Offering& offering);
  /// Takes an instance away after `notice_ms`, with a notice when that is
  /// not 0. Nothing when there is no such instance.
  void take_away(const std::string& provider_ref, std::uint32_t notice_ms);

  /// Holds these again, after a restart of the simulation and before any
  /// call. An instance that is held already stays as it is.
  void restore(const std::vector<HeldInstance>& instances);

  /// Told of the instances of every launch and, with `held` false, of every
  /// end, before anybody else is; not of what is restored. A launch that it
  /// refuses does not happen and is answered `throttled`; an end happens
  /// whatever it says. Set it before the first call.
  using HeldReceiver =
      std::function<Result<void>(const std::vector<HeldInstance>&, bool held)>;
  void on_held(HeldReceiver receive);

  [[nodiscard]] std::uint32_t held(const Offering& offering) const;
  [[nodiscard]] bool closed(const Offering& offering) const;
  /// Those that are not used up.
  [[nodiscard]] std::vector<Script> scripts(const Offering& offering) const;
  [[nodiscard]] std::vector<LedgerEntry> ledger() const;
  [[nodiscard]] std::map<Offering, LaunchTotals> totals() const;
  [[nodiscard]] const CapacityTrace& trace() const { return trace_; }

  /// The names of the `index`-th instance of a launch call.
  [[nodiscard]] static std::string provider_ref_of(const std::string& token,
                                                   std::uint32_t index);
  [[nodiscard]] static std::string address_of(const std::string& provider_ref);

 private:
  struct Held {
    ProviderInstance instance;
    std::string owner;
    Offering offering;
  };
  struct Waiter {
    std::size_t entry = 0;  ///< In the ledger.
    std::function<void(LaunchAnswer)> done;
  };
  /// One token. It waits for an answer while it has waiters.
  struct Call {
    LaunchCall call;
    std::vector<Waiter> waiters;
    bool restored = false;  ///< From a log: `call` is not known yet.
    bool judged = false;    ///< Scripts had their say.
    bool lost = false;      ///< Scripted: nothing happens, nobody answers.
    bool silent = false;    ///< Scripted: it happens, nobody answers.
    std::optional<LaunchAnswer> answer;  ///< For the same token again.
    std::uint32_t live = 0;              ///< Instances that are held.
    bool resting = false;                ///< In `resting_`.
  };

  static void complete(Call& restored);
  void decide_early(const std::string& token);
  void decide_late(const std::string& token);
  void deliver(const std::string& token, const LaunchAnswer& answer,
               std::unique_lock<std::mutex> lock);
  void finish_terminate(const std::string& provider_ref, std::size_t entry,
                        const std::function<void(TerminateAnswer)>& done);
  void give_notice(const std::string& provider_ref, Instant reclaim_at);
  void end_by_itself(const std::string& provider_ref);

  std::optional<LaunchAnswer> scripted_answer(Call& call);
  std::optional<Script> next_script(const Offering& offering);
  LaunchAnswer grant(const LaunchCall& call);
  void rest(const std::string& token, Call& call);
  ProviderInstance hold(const HeldInstance& instance);
  std::optional<Held> let_go(const std::string& provider_ref);
  [[nodiscard]] std::uint32_t room(const Offering& offering) const;
  [[nodiscard]] OfferingState state_of(const Offering& offering) const;

  Clock& clock_;
  const CapacityTrace trace_;
  const ProviderWorld world_;
  const std::uint64_t seed_;

  mutable std::mutex mutex_;
  std::function<void(ProviderNotice)> notice_;
  HeldReceiver held_receiver_;
  std::map<std::string, Held> held_;  ///< By provider_ref.
  std::map<Offering, std::uint32_t> held_count_;
  std::map<std::string, Call> calls_;  ///< By token.
  /// Tokens with an answer and without live instances, oldest first.
  std::deque<std::string> resting_;
  const std::size_t kept_;
  std::map<Offering, std::vector<Script>> scripts_;
  std::vector<TerminateAnswer> terminate_scripts_;
  std::set<Offering> closed_;
  CapacityLedger ledger_;
  TimerGroup timers_;  // Last: its functions use everything above.
};

}  // namespace understudy
