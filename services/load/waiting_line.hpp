#pragma once

/// Requests that wait for a free place, first come first served, as amounts
/// of a fluid: one amount for each second of arrival.
///
/// Amounts are whole thousand-millionths of a request, so that any way to
/// cut time into steps gives the same line. Thread safety: none.

#include <cstdint>
#include <deque>

#include "actors/core/instant.hpp"

namespace understudy {

/// Thousand-millionths of a request: a rate in thousandths of a request per
/// second, times microseconds. Wide enough for years of any rate.
__extension__ using RequestNanos = __int128;

class WaitingLine {
 public:
  /// Joins at the end; `second` (since the epoch) never goes back.
  void join(std::int64_t second, RequestNanos amount);
  /// Takes up to `amount` from the front; returns what was there.
  RequestNanos serve(RequestNanos amount);
  /// Removes what came in a second that ended at or before `limit`; returns
  /// how much.
  RequestNanos give_up(Instant limit);

  [[nodiscard]] RequestNanos length() const { return length_; }

 private:
  struct Cohort {
    std::int64_t second = 0;
    RequestNanos amount = 0;
  };

  std::deque<Cohort> cohorts_;
  RequestNanos length_ = 0;
};

}  // namespace understudy
