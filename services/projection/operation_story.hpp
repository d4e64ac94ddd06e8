#pragma once

/// Gathers one operation's explanation from the records of a log.
///
/// An operation may go through its pools many times, for hours. One walk is
/// shown: the one that a given record belongs to.
/// Thread safety: none. Ownership: it keeps copies.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/projection/explanation.hpp"
#include "services/projection/fleet_view.hpp"

namespace understudy {

class OperationStory {
 public:
  /// `focus` is a position within the walk to show; the last walk when it is
  /// behind all of them.
  OperationStory(std::string endpoint, OperationId operation,
                 std::uint64_t focus = UINT64_MAX);

  /// Takes in every record of the log, in order.
  void see(const Record& record);

  [[nodiscard]] bool found() const { return found_; }
  [[nodiscard]] const OperationExplanation& explanation() const {
    return explanation_;
  }

 private:
  struct EndpointEvents;
  struct PoolEvents;
  struct InstanceEvents;

  void begin_walk(std::uint64_t position, Instant at);
  void end_walk() { walking_ = false; }
  void pass_over(const std::string& variant, const std::string& until,
                 Instant at,
                 const std::vector<endpoint::PassedOver>& recorded = {});
  void ask(const endpoint::InstanceRequested& request, const Record& record);
  PoolLine* asked(RequestId request);
  /// The line of the launch call under way.
  OfferingLine* call(RequestId request, const Offering& offering);
  void deny(const pool::CapacityDenied& denied, const Record& record);
  const OfferingView* offering(const StreamId& pool,
                               const Offering& named) const;

  std::string endpoint_;
  std::uint64_t focus_;
  OperationExplanation explanation_;
  FleetView view_{0};
  bool found_ = false;
  bool walking_ = false;
  bool frozen_ = false;  ///< The walk to show is over.
  std::uint32_t walks_ = 0;
  /// The refusal that a cool-down may follow: by stream.
  std::map<std::string, RequestId> just_refused_;
};

}  // namespace understudy
