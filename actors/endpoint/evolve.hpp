#pragma once

/// The parts of `evolve`, one overload per event. All are total: an event
/// about something unknown changes nothing.

#include "actors/core/instant.hpp"
#include "actors/endpoint/event.hpp"
#include "actors/endpoint/state.hpp"

namespace understudy::endpoint {

// The endpoint's own life: evolve.cpp.
void apply(State& state, const EndpointCreated& event, Instant at);
void apply(State& state, const EndpointUpdated& event, Instant at);
void apply(State& state, const EndpointInService& event, Instant at);
void apply(State& state, const EndpointFailed& event, Instant at);
void apply(State& state, const EndpointDeleting& event, Instant at);
void apply(State& state, const EndpointDeleted& event, Instant at);
void apply(State& state, const ScaleOut& event, Instant at);
void apply(State& state, const ScaleIn& event, Instant at);
void apply(State& state, const CommandRefused& event, Instant at);
void apply(State& state, const CommandAccepted& event, Instant at);

// Operations and requests: evolve_operation.cpp.
void apply(State& state, const OperationOpened& event, Instant at);
void apply(State& state, const InstanceRequested& event, Instant at);
void apply(State& state, const FallbackChosen& event, Instant at);
void apply(State& state, const PoolsExhausted& event, Instant at);
void apply(State& state, const RequestClosed& event, Instant at);
void apply(State& state, const LaunchCancelled& event, Instant at);
void apply(State& state, const OperationCompleted& event, Instant at);
void apply(State& state, const ProvisioningTimedOut& event, Instant at);

// Instances and pools: evolve_fleet.cpp.
void apply(State& state, const CapacityGranted& event, Instant at);
void apply(State& state, const DrainRequested& event, Instant at);
void apply(State& state, const InstanceJoined& event, Instant at);
void apply(State& state, const InstanceLeft& event, Instant at);
void apply(State& state, const InstanceReleased& event, Instant at);
void apply(State& state, const PreferredPoolOpened& event, Instant at);

}  // namespace understudy::endpoint
