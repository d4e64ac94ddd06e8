#pragma once

/// Fields that a file may not leave out. All others have defaults.

#include <array>
#include <string_view>

#include "actors/core/specification.hpp"
#include "services/capacity/process_catalogue.hpp"
#include "services/config/scenario.hpp"

namespace understudy {

template <class T>
inline constexpr std::array<std::string_view, 0> required_fields{};

template <>
inline constexpr std::array<std::string_view, 2> required_fields<EndpointSpec>{
    "name", "variants"};
template <>
inline constexpr std::array<std::string_view, 1> required_fields<VariantSpec>{
    "pools"};
template <>
inline constexpr std::array<std::string_view, 1>
    required_fields<EnvironmentVariable>{"name"};
template <>
inline constexpr std::array<std::string_view, 2> required_fields<PoolSpec>{
    "instance_type", "zones"};
template <>
inline constexpr std::array<std::string_view, 2> required_fields<Offering>{
    "instance_type", "zone"};
template <>
inline constexpr std::array<std::string_view, 2> required_fields<DelayRange>{
    "min_ms", "max_ms"};
template <>
inline constexpr std::array<std::string_view, 3> required_fields<Scenario>{
    "name", "capacity_trace", "endpoint"};
template <>
inline constexpr std::array<std::string_view, 1> required_fields<ScenarioLoad>{
    "trace"};
template <>
inline constexpr std::array<std::string_view, 2>
    required_fields<ScenarioCommand>{"at_s", "action"};
template <>
inline constexpr std::array<std::string_view, 1>
    required_fields<ProcessCatalogue>{"offerings"};
template <>
inline constexpr std::array<std::string_view, 2>
    required_fields<ProcessOffering>{"instance_type", "command"};

}  // namespace understudy
