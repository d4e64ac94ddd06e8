#include "services/projection/condition_query.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace understudy {
namespace {

constexpr std::array<std::string_view, 5> names = {
    "in-service", "failed", "deleted", "at-wanted-capacity", "on-preferred"};

bool holds(const EndpointView& endpoint, std::string_view type) {
  if (endpoint.status != EndpointStatus::creating &&
      endpoint.status != EndpointStatus::in_service) {
    return false;
  }
  return std::any_of(
      endpoint.conditions.begin(), endpoint.conditions.end(),
      [type](const Condition& one) { return one.type == type && one.status; });
}

}  // namespace

std::span<const std::string_view> condition_names() { return names; }

Result<bool> condition_or_status(const EndpointView& endpoint,
                                 std::string_view name) {
  if (name == "in-service") {
    return endpoint.status == EndpointStatus::in_service;
  }
  if (name == "failed") return endpoint.status == EndpointStatus::failed;
  if (name == "deleted") return endpoint.status == EndpointStatus::deleted;
  if (name == "at-wanted-capacity") return holds(endpoint, "AtWantedCapacity");
  if (name == "on-preferred") return holds(endpoint, "OnPreferredPools");
  std::string accepted;
  for (const std::string_view one : names) {
    accepted += accepted.empty() ? "" : ", ";
    accepted += one;
  }
  return Error{ErrorCode::invalid_input, '\'' + std::string(name) +
                                             "' is nothing that an endpoint "
                                             "can be; accepted: " +
                                             accepted};
}

bool is_final(const EndpointView& endpoint) {
  return endpoint.status == EndpointStatus::failed ||
         endpoint.status == EndpointStatus::deleted;
}

}  // namespace understudy
