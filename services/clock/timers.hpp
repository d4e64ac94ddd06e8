#pragma once

/// Timers in the order that every clock promises: by instant, then by key,
/// then in the order in which they were set.
///
/// Thread safety: none; the owner locks. Ownership: holds each function
/// until it is taken or dropped.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "actors/core/instant.hpp"
#include "actors/ports/clock.hpp"

namespace understudy {

class Timers {
 public:
  using Fire = std::function<void()>;

  Clock::TimerId add(Instant at, std::string key, Fire fire) {
    const Clock::TimerId id = ++last_;
    const auto [place, fresh] =
        waiting_.emplace(Rank{at, std::move(key), id}, std::move(fire));
    by_id_.emplace(id, place);
    return id;
  }

  /// The function that was dropped, so that the caller can let go of it
  /// outside its lock: its destructor may do anything.
  Fire drop(Clock::TimerId id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return {};
    Fire fire = std::move(found->second->second);
    waiting_.erase(found->second);
    by_id_.erase(found);
    return fire;
  }

  /// The earliest timer's instant; never when there is none.
  [[nodiscard]] Instant next() const {
    return waiting_.empty() ? Instant::never()
                            : std::get<Instant>(waiting_.begin()->first);
  }

  /// The first timer's function. REQUIRES: there is one.
  Fire take_first() {
    const auto first = waiting_.begin();
    Fire fire = std::move(first->second);
    by_id_.erase(std::get<Clock::TimerId>(first->first));
    waiting_.erase(first);
    return fire;
  }

  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

 private:
  using Rank = std::tuple<Instant, std::string, Clock::TimerId>;

  Clock::TimerId last_ = 0;
  std::map<Rank, Fire> waiting_;
  std::unordered_map<Clock::TimerId, std::map<Rank, Fire>::iterator> by_id_;
};

}  // namespace understudy
