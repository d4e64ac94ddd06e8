#pragma once

/// What a simulated provider was asked and what it answered: the witness
/// against which a run's log and figures are checked. The last calls are kept
/// one by one, all of them in sums: a run may take months.
///
/// Thread safety: none; the provider locks and hands out copies.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/core/refusal.hpp"
#include "actors/core/specification.hpp"

namespace understudy {

enum class LedgerKind : std::uint8_t {
  launch,
  terminate,
  list,
  notice,  ///< Reclaim announced, or an instance gone by itself.
};

struct LedgerEntry {
  LedgerKind kind = LedgerKind::launch;
  Instant called_at;
  Instant answered_at = Instant::never();  ///< Never: no answer yet.
  std::string id;     ///< Launch: token; list: owner; else provider_ref.
  Offering offering;  ///< Empty for a list.
  std::uint32_t asked = 0;
  std::uint32_t granted = 0;
  std::uint32_t refused = 0;
  RefusalKind refusal = RefusalKind::none;
  bool repeated = false;  ///< The token was known: nothing new happened.
};

/// Sums over the launch calls that were answered. Repeated calls count as
/// calls only.
struct LaunchTotals {
  std::uint64_t calls = 0;
  std::uint64_t asked = 0;
  std::uint64_t granted = 0;
  std::uint64_t refused = 0;        ///< Instances, whatever the reason.
  std::uint64_t refused_calls = 0;  ///< Calls that granted nothing.
  friend bool operator==(const LaunchTotals&, const LaunchTotals&) = default;
};

class CapacityLedger {
 public:
  explicit CapacityLedger(std::size_t kept) : kept_(kept) {}

  /// The entry's place, for `answer`.
  std::size_t add(LedgerEntry entry);
  void answer(std::size_t place, Instant at, std::uint32_t granted,
              std::uint32_t refused, RefusalKind refusal);

  /// The last ones, in the order of the calls.
  [[nodiscard]] std::vector<LedgerEntry> entries() const {
    return {entries_.begin(), entries_.end()};
  }
  /// Of all calls.
  [[nodiscard]] const std::map<Offering, LaunchTotals>& totals() const {
    return totals_;
  }

 private:
  void forget();

  const std::size_t kept_;
  std::deque<LedgerEntry> entries_;
  std::size_t forgotten_ = 0;  ///< So many came before the first kept one.
  std::map<Offering, LaunchTotals> totals_;
};

}  // namespace understudy
