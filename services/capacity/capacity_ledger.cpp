#include "services/capacity/capacity_ledger.hpp"

#include <utility>

namespace understudy {

std::size_t CapacityLedger::add(LedgerEntry entry) {
  entries_.push_back(std::move(entry));
  const std::size_t place = forgotten_ + entries_.size() - 1;
  forget();
  return place;
}

void CapacityLedger::answer(std::size_t place, Instant at,
                            std::uint32_t granted, std::uint32_t refused,
                            RefusalKind refusal) {
  LedgerEntry& entry = entries_[place - forgotten_];
  entry.answered_at = at;
  entry.granted = granted;
  entry.refused = refused;
  entry.refusal = refusal;
  if (entry.kind == LedgerKind::launch) {
    LaunchTotals& sum = totals_[entry.offering];
    sum.calls += 1;
    if (!entry.repeated) {
      sum.asked += entry.asked;
      sum.granted += granted;
      sum.refused += refused;
      if (granted == 0) sum.refused_calls += 1;
    }
  }
  forget();
}

/// One that waits for its answer is kept, and what came after it too.
void CapacityLedger::forget() {
  while (entries_.size() > kept_ &&
         entries_.front().answered_at != Instant::never()) {
    entries_.pop_front();
    ++forgotten_;
  }
}

}  // namespace understudy
