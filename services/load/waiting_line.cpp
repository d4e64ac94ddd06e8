#include "services/load/waiting_line.hpp"

namespace understudy {

void WaitingLine::join(std::int64_t second, RequestNanos amount) {
  if (amount == 0) return;
  if (cohorts_.empty() || cohorts_.back().second != second)
    cohorts_.push_back({second, 0});
  cohorts_.back().amount += amount;
  length_ += amount;
}

RequestNanos WaitingLine::serve(RequestNanos amount) {
  RequestNanos served = 0;
  while (!cohorts_.empty() && served < amount) {
    Cohort& first = cohorts_.front();
    if (first.amount > amount - served) {
      first.amount -= amount - served;
      served = amount;
    } else {
      served += first.amount;
      cohorts_.pop_front();
    }
  }
  length_ -= served;
  return served;
}

RequestNanos WaitingLine::give_up(Instant limit) {
  RequestNanos gone = 0;
  while (!cohorts_.empty() &&
         (cohorts_.front().second + 1) * 1'000'000 <= limit.us) {
    gone += cohorts_.front().amount;
    cohorts_.pop_front();
  }
  length_ -= gone;
  return gone;
}

}  // namespace understudy
