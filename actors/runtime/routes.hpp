#pragma once

/// The whole conversation between actors, on one page: which event of one
/// actor is told to which others, and as what. Actors never message one
/// another; the journal forwards by this table and by nothing else.
///
/// | event | told to | as |
/// |---|---|---|
/// | endpoint-created, -updated | each pool | Configure |
/// |  | the autoscaler of each variant that scales | Configure |
/// | instance-requested | that pool | Request |
/// | launch-cancelled | that pool | Cancel |
/// | drain-requested | that instance | Drain |
/// | endpoint-failed, -deleting | each autoscaler | Stop |
/// | instance-launched | the endpoint | LaunchGranted |
/// |  | each instance launched | Launched |
/// | capacity-denied | the endpoint | LaunchDenied |
/// | pool-reopened | the endpoint | PoolOpened |
/// | instance-ready, -start-failed | the endpoint | InstanceChanged |
/// | instance-unhealthy, -lost | the endpoint | InstanceChanged |
/// | instance-terminated | the endpoint | InstanceChanged |
/// | reclaim-noticed | the endpoint | InstanceChanged |
/// | scaling-decided | the endpoint | DesiredDecided |
///
/// Pure: the same event gives the same deliveries, so that `verify` finds an
/// actor's input again from the event that caused it.

#include <vector>

#include "actors/runtime/dispatch.hpp"

namespace understudy {

struct Delivery {
  StreamId to;
  AnyInput input;
};

/// What `event` of stream `from` is told to whom, in the order of telling.
[[nodiscard]] std::vector<Delivery> route(const StreamId& from,
                                          const AnyEvent& event);

}  // namespace understudy
