#include "services/capacity/capacity_ledger.hpp"

#include <utility>

namespace understudy {

std::size_t CapacityLedger::add(LedgerEntry entry) {
  entries_.push_back(std::move(entry));
  return entries_.size() - 1;
}

void CapacityLedger::answer(std::size_t place, Instant at,
                            std::uint32_t granted, std::uint32_t refused,
                            RefusalKind refusal) {
  LedgerEntry& entry = entries_[place];
  entry.answered_at = at;
  entry.granted = granted;
  entry.refused = refused;
  entry.refusal = refusal;
}

std::map<Offering, LaunchTotals> CapacityLedger::totals() const {
  std::map<Offering, LaunchTotals> totals;
  for (const LedgerEntry& entry : entries_) {
    if (entry.kind != LedgerKind::launch) continue;
    if (entry.answered_at == Instant::never()) continue;
    LaunchTotals& sum = totals[entry.offering];
    sum.calls += 1;
    if (entry.repeated) continue;
    sum.asked += entry.asked;
    sum.granted += entry.granted;
    sum.refused += entry.refused;
    if (entry.granted == 0) sum.refused_calls += 1;
  }
  return totals;
}

}  // namespace understudy
