#pragma once

/// Which union tag stands for which type: the one table of it.
///
/// The place in a list, counted from 1, is the tag that is stored; tag 0 is
/// FlatBuffers' NONE. Append only, in the order of the unions in
/// schemas/record.fbs: a new event goes to the end, whichever actor it
/// belongs to.

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <variant>

#include "actors/runtime/record.hpp"

namespace understudy::codec {

template <class... T>
struct TagList {
  static constexpr std::size_t size = sizeof...(T);
  template <std::size_t i>
  using At = std::tuple_element_t<i, std::tuple<T...>>;
};

/// The order of `Variant`'s alternatives in the schema: their own, unless it
/// is listed below.
template <class Variant>
struct TagsOf;
template <class... T>
struct TagsOf<std::variant<T...>> {
  using List = TagList<T...>;
};

template <>
struct TagsOf<AnyEvent> {
  using List =
      TagList<endpoint::EndpointCreated, endpoint::EndpointUpdated,
              endpoint::OperationOpened, endpoint::InstanceRequested,
              endpoint::CapacityGranted, endpoint::FallbackChosen,
              endpoint::PoolsExhausted, endpoint::OperationCompleted,
              endpoint::ProvisioningTimedOut, endpoint::EndpointInService,
              endpoint::EndpointFailed, endpoint::ScaleOut, endpoint::ScaleIn,
              endpoint::LaunchCancelled, endpoint::DrainRequested,
              endpoint::InstanceJoined, endpoint::InstanceLeft,
              endpoint::InstanceReleased, endpoint::PreferredPoolOpened,
              endpoint::CommandRefused, endpoint::CommandAccepted,
              endpoint::EndpointDeleting, endpoint::EndpointDeleted,
              pool::PoolConfigured, pool::LaunchRequested,
              pool::LaunchAttempted, pool::InstanceLaunched,
              pool::LaunchRefused, pool::LaunchDeferred,
              pool::LaunchUnconfirmed, pool::LaunchWithdrawn,
              pool::CapacityDenied, pool::PoolCooledDown, pool::PoolReopened,
              pool::OrphanReturned, pool::OrphanReleased,
              instance::InstanceRegistered, instance::InstanceReady,
              instance::InstanceStartFailed, instance::InstanceUnhealthy,
              instance::ReclaimNoticed, instance::InstanceDraining,
              instance::InstanceDrained, instance::InstanceTerminated,
              instance::InstanceLost, autoscaler::AutoscalerConfigured,
              autoscaler::AutoscalerStopped, autoscaler::LoadObserved,
              autoscaler::ScalingDecided, endpoint::RequestClosed>;
};

template <>
struct TagsOf<OutsideInput> {
  using List = TagList<endpoint::CreateEndpoint, endpoint::UpdateEndpoint,
                       endpoint::ScaleVariant, endpoint::DeleteEndpoint,
                       pool::LaunchOutcome, pool::Reconciled, pool::OrphanFound,
                       pool::OrphanGone, instance::ProbeReport,
                       instance::ReclaimNotice, instance::DrainFinished,
                       instance::Gone, autoscaler::LoadWindow, DeadlineReached>;
};

namespace detail {

template <class T, class... Listed>
constexpr std::uint8_t place_in(TagList<Listed...>) {
  std::uint8_t place = 0;
  std::uint8_t found = 0;
  ((++place, found = std::is_same_v<T, Listed> ? place : found), ...);
  return found;
}

template <class Variant, class List>
struct Covers;
template <class... T, class List>
struct Covers<std::variant<T...>, List> {
  static constexpr bool value =
      sizeof...(T) == List::size && ((place_in<T>(List{}) != 0) && ...);
};

}  // namespace detail

/// The tag of alternative `T` of `Variant`, from 1.
template <class Variant, class T>
constexpr std::uint8_t tag_of =
    detail::place_in<T>(typename TagsOf<Variant>::List{});

static_assert(detail::Covers<AnyEvent, TagsOf<AnyEvent>::List>::value,
              "an event is missing from the list, or stands there twice");
static_assert(detail::Covers<OutsideInput, TagsOf<OutsideInput>::List>::value,
              "an input is missing from the list, or stands there twice");

}  // namespace understudy::codec
