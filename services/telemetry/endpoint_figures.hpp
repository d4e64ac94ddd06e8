#pragma once

/// What is counted and shown of one endpoint. Plain values; thread safety:
/// none.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/runtime/record.hpp"
#include "services/projection/fleet_view.hpp"
#include "services/telemetry/buckets.hpp"

namespace understudy::telemetry {

template <class E>
using CountBy = std::array<std::uint64_t, names_of(E{}).size()>;

/// A number integrated over time that never runs back. Time before
/// `counting` is not counted.
struct Integral {
  std::uint32_t value = 0;
  Instant since;
  std::int64_t sum_us = 0;

  void become(std::uint32_t now_value, Instant now, Instant counting);
  [[nodiscard]] std::int64_t at(Instant now, Instant counting) const;
};

struct PoolFigures {
  // As they are.
  bool specified = false;  ///< In the endpoint's specification of now.
  std::string instance_type;
  std::uint32_t priority = 0;
  std::uint32_t offerings = 0;
  std::uint32_t cooling = 0;
  CountBy<InstanceStatus> by_status{};
  Integral held;
  // Counted.
  std::uint64_t attempts = 0;
  std::uint64_t launched = 0;
  CountBy<RefusalKind> refused{};    ///< Instances.
  CountBy<RefusalKind> refusals{};   ///< Answers.
  CountBy<RefusalKind> fallbacks{};  ///< To this pool.
  CountBy<endpoint::LeaveReason> left{};
};

struct OpenOperation {
  Instant opened_at;
  Instant deadline;
  bool waiting = false;
};

struct VariantFigures {
  bool specified = false;
  std::uint32_t desired = 0;
  std::uint32_t serving = 0;
  std::uint32_t on_fallback = 0;
  std::map<std::string, PoolFigures> pools;
  std::map<OperationId, OpenOperation> operations;
  std::optional<autoscaler::LoadObserved> load;
  std::uint64_t exhausted = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t decided_out = 0;
  std::uint64_t decided_in = 0;
  Buckets time_to_capacity;
};

struct EndpointFigures {
  EndpointStatus status = EndpointStatus::creating;
  std::vector<std::pair<std::string, bool>> conditions;
  std::map<std::string, VariantFigures> variants;

  [[nodiscard]] PoolFigures& pool(const std::string& variant,
                                  const std::string& name) {
    return variants[variant].pools[name];
  }
};

/// What is summed over endpoints, whether they have series or not.
struct FleetSums {
  CountBy<EndpointStatus> endpoints{};
  CountBy<InstanceStatus> instances{};
  std::uint64_t desired = 0;
  std::uint64_t serving = 0;
  std::uint64_t held = 0;
  std::uint64_t on_fallback = 0;

  void add(const FleetSums& more);
  void add(const EndpointFigures& one);
};

/// When an event takes effect on what is integrated, and whether it counts.
struct Moment {
  Instant at;
  Instant counting;     ///< As `Integral`.
  bool counts = false;  ///< False for what happened before this process.
};

/// What `count` would have kept of an endpoint's past, from the view: for one
/// that is watched from now on. Counters are 0.
void begin(EndpointFigures& figures, const EndpointHistory& history,
           const Moment& moment);

/// Takes in one record; `history` is the view after it.
void count(EndpointFigures& figures, const Record& record,
           const EndpointHistory& history, const Moment& moment);

/// Brings what is not counted up to the view.
void refresh(EndpointFigures& figures, const EndpointHistory& history);

}  // namespace understudy::telemetry
