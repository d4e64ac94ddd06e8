#pragma once

/// What HAProxy is to hold for a table of routes, and the commands that make
/// it so: pure functions, so that what is there can be compared and repaired
/// at any time, whatever happened before.
///
/// Thread safety: plain values and functions without state.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/gateway/proxy_state.hpp"
#include "services/gateway/route.hpp"

namespace understudy::gateway {

struct RouteLimits {
  std::uint32_t wait_ms = 60'000;  ///< For an instance that is expected.
  std::uint32_t slow_start_ms = 5'000;
  std::uint32_t check_interval_ms = 1'000;
};

struct ProxyServer {
  std::string address;
  std::uint32_t weight = 1;
  std::uint32_t max_concurrency = 1;
  bool draining = false;
};

struct ProxyTable {
  /// Server by name, by slot.
  std::map<std::string, std::map<std::string, ProxyServer>> slots;
  std::map<std::string, TextMap> maps;
};

/// Endpoints with the slots they have.
struct Assignment {
  TextMap slots;
  /// Endpoints that no slot is left for, by how they balance.
  std::map<Balance, std::uint32_t> missing;
};

/// Endpoints keep the slots they have in `state`; others get free ones.
[[nodiscard]] Assignment assign_slots(const RouteTable& routes,
                                      const ProxyState& state);

/// `tokens`: as `tokens_map` has them.
[[nodiscard]] ProxyTable make_proxy_table(const RouteTable& routes,
                                          const Assignment& assignment,
                                          const TextMap& tokens,
                                          const RouteLimits& limits);

/// What makes `state` into `table`, in an order in which no request meets
/// half of it. Empty when nothing differs.
[[nodiscard]] std::vector<std::string> plan_commands(const ProxyTable& table,
                                                     const ProxyState& state,
                                                     const RouteLimits& limits);

/// The options of a server, as the configuration and `add server` take them.
[[nodiscard]] std::string server_options(const ProxyServer& server,
                                         std::uint32_t id,
                                         const RouteLimits& limits,
                                         bool slow_start);

}  // namespace understudy::gateway
