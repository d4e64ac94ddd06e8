#pragma once

/// Names that the configuration of HAProxy and its runtime API share.
///
/// Thread safety: constants and functions without state.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "services/gateway/route.hpp"

namespace understudy::gateway {

/// The path of requests for an endpoint that serves to `SLOT|PATH`, the
/// latter at its instances.
inline constexpr std::string_view routes_map = "routes.map";
/// Endpoint to `SLOT|WAIT_MS|RETRY_AFTER_S`.
inline constexpr std::string_view endpoints_map = "endpoints.map";
/// Endpoint to the body that says why no instance takes requests.
inline constexpr std::string_view reasons_map = "reasons.map";
/// Server to `ENDPOINT|VARIANT|POOL|INSTANCE_TYPE`.
inline constexpr std::string_view instances_map = "instances.map";
/// Endpoint, or `*` for all others, to the SHA-256 of its token.
inline constexpr std::string_view tokens_map = "tokens.map";

inline constexpr std::array<std::string_view, 5> map_names{
    routes_map, endpoints_map, reasons_map, instances_map, tokens_map};

inline constexpr std::string_view slot_prefix = "understudy_";

/// A slot is a backend declared in advance, for one endpoint at a time:
/// `understudy_l_7` by least outstanding requests, `understudy_r_7` random.
[[nodiscard]] inline std::string slot_name(Balance balance,
                                           std::uint32_t number) {
  return std::string(slot_prefix) + (balance == Balance::random ? "r_" : "l_") +
         std::to_string(number);
}

[[nodiscard]] inline bool is_slot(std::string_view backend) {
  return backend.starts_with(slot_prefix);
}

[[nodiscard]] inline Balance balance_of(std::string_view slot) {
  return slot.substr(slot_prefix.size()).starts_with('r')
             ? Balance::random
             : Balance::least_outstanding;
}

}  // namespace understudy::gateway
