#include "services/gateway/proxy_table.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "services/codec/json.hpp"
#include "services/gateway/proxy_names.hpp"

namespace understudy::gateway {
namespace {

/// HAProxy's largest.
constexpr std::uint32_t largest_weight = 256;

std::uint32_t weight_of(const Route& route, const Server& server) {
  if (route.balance == Balance::random) return 1;
  std::uint32_t most = 1;
  for (const Server& one : route.servers)
    most = std::max(most, one.max_concurrency);
  if (most <= largest_weight) return server.max_concurrency;
  const std::uint64_t scaled =
      std::uint64_t{server.max_concurrency} * largest_weight / most;
  return std::max(static_cast<std::uint32_t>(scaled), 1U);
}

std::string reason_body(const std::string& endpoint, const Route& route) {
  Json body = Json::object();
  body["reason"] = route.reason;
  body["message"] = route.message;
  body["endpoint"] = endpoint;
  body["retry_after_s"] = route.retry_after_s;
  return json_text(body);
}

/// Slots that an endpoint has, or that still hold servers.
std::set<std::string> used_slots(const ProxyState& state) {
  std::set<std::string> used;
  for (const ServerState& one : state.servers)
    used.insert(one.backend);
  return used;
}

std::string slot_in(const ProxyState& state, const std::string& endpoint) {
  const auto map = state.maps.find(std::string(endpoints_map));
  if (map == state.maps.end()) return {};
  const auto found = map->second.find(endpoint);
  if (found == map->second.end()) return {};
  return found->second.substr(0, found->second.find('|'));
}

}  // namespace

Assignment assign_slots(const RouteTable& routes, const ProxyState& state) {
  Assignment assignment;
  std::set<std::string> used = used_slots(state);
  const std::set<std::string> there(state.backends.begin(),
                                    state.backends.end());
  for (const auto& [endpoint, route] : routes) {
    const std::string slot = slot_in(state, endpoint);
    if (!there.contains(slot) || balance_of(slot) != route.balance) continue;
    assignment.slots[endpoint] = slot;
    used.insert(slot);
  }
  for (const auto& [endpoint, route] : routes) {
    if (assignment.slots.contains(endpoint)) continue;
    const auto free = std::find_if(
        state.backends.begin(), state.backends.end(),
        [&, balance = route.balance](const std::string& slot) {
          return balance_of(slot) == balance && !used.contains(slot);
        });
    if (free == state.backends.end()) {
      ++assignment.missing[route.balance];
      continue;
    }
    assignment.slots[endpoint] = *free;
    used.insert(*free);
  }
  return assignment;
}

ProxyTable make_proxy_table(const RouteTable& routes,
                            const Assignment& assignment, const TextMap& tokens,
                            const RouteLimits& limits) {
  ProxyTable table;
  for (const std::string_view name : map_names)
    table.maps[std::string(name)];
  for (const auto& [endpoint, slot] : assignment.slots) {
    const Route& route = routes.at(endpoint);
    auto& servers = table.slots[slot];
    for (const Server& one : route.servers) {
      servers[one.name] = {one.address, weight_of(route, one),
                           one.max_concurrency, one.draining};
      table.maps[std::string(instances_map)][one.name] =
          endpoint + '|' + one.variant + '|' + one.pool + '|' +
          one.instance_type;
    }
    const std::uint32_t wait_ms = route.may_wait ? limits.wait_ms : 0;
    table.maps[std::string(endpoints_map)][endpoint] =
        slot + '|' + std::to_string(wait_ms) + '|' +
        std::to_string(route.retry_after_s);
    if (route.serving()) {
      table.maps[std::string(routes_map)]
                ["/endpoints/" + endpoint + "/invocations"] =
          slot + '|' + route.path;
    } else {
      table.maps[std::string(reasons_map)][endpoint] =
          reason_body(endpoint, route);
    }
  }
  table.maps[std::string(tokens_map)] = tokens;
  return table;
}

std::string server_options(const ProxyServer& server, std::uint32_t id,
                           const RouteLimits& limits, bool slow_start) {
  // One that refuses a connection has the fewest requests of all: it would
  // draw every new one until its next check.
  std::string options =
      server.address + " id " + std::to_string(id) + " weight " +
      std::to_string(server.weight) + " maxconn " +
      std::to_string(server.max_concurrency) + " check inter " +
      std::to_string(limits.check_interval_ms) +
      "ms fall 2 rise 1 observe layer4 error-limit 1 on-error mark-down";
  if (slow_start && limits.slow_start_ms > 0)
    options += " slowstart " + std::to_string(limits.slow_start_ms) + "ms";
  return options;
}

}  // namespace understudy::gateway
