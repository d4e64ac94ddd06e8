#pragma once

/// What each event adds to an operation's explanation. Used by
/// OperationStory alone.

#include "services/projection/operation_story.hpp"

namespace understudy {

struct OperationStory::EndpointEvents {
  OperationStory& story;
  const Record& record;

  template <class Event>
  void operator()(const Event&) const {}

  void operator()(const endpoint::OperationOpened& e) const;
  void operator()(const endpoint::InstanceRequested& e) const;
  void operator()(const endpoint::FallbackChosen& e) const;
  void operator()(const endpoint::PoolsExhausted& e) const;
  void operator()(const endpoint::OperationCompleted& e) const;
  void operator()(const endpoint::ProvisioningTimedOut& e) const;

  [[nodiscard]] bool ours(OperationId id) const {
    return id == story.explanation_.operation;
  }
  void choose() const;
};

struct OperationStory::PoolEvents {
  OperationStory& story;
  const Record& record;

  template <class Event>
  void operator()(const Event&) const {}

  void operator()(const pool::LaunchAttempted& e) const;
  void operator()(const pool::InstanceLaunched& e) const;
  void operator()(const pool::LaunchRefused& e) const;
  void operator()(const pool::LaunchDeferred& e) const;
  void operator()(const pool::LaunchUnconfirmed& e) const;
  void operator()(const pool::PoolCooledDown& e) const;
  void operator()(const pool::CapacityDenied& e) const;
};

struct OperationStory::InstanceEvents {
  OperationStory& story;
  const Record& record;

  template <class Event>
  void operator()(const Event&) const {}

  void operator()(const instance::InstanceReady& e) const;
  void operator()(const instance::InstanceStartFailed& e) const;
  void operator()(const instance::InstanceTerminated& e) const;
  void operator()(const instance::InstanceLost& e) const;

  [[nodiscard]] LaunchedLine* launched() const;
  void ended() const;
};

}  // namespace understudy
