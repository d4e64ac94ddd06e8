#include <algorithm>
#include <set>
#include <utility>

#include "services/gateway/proxy_names.hpp"
#include "services/gateway/proxy_table.hpp"

namespace understudy::gateway {
namespace {

/// Collects commands for each step; the steps come one after the other.
class Plan {
 public:
  Plan(const ProxyTable& table, const ProxyState& state,
       const RouteLimits& limits)
      : table_(table), state_(state), limits_(limits) {
    for (const ServerState& one : state.servers) {
      here_[one.backend][one.name] = &one;
      ids_[one.backend].insert(one.id);
    }
  }

  std::vector<std::string> commands() && {
    set_entries(instances_map);
    for (const auto& [slot, servers] : table_.slots) {
      for (const auto& [name, server] : servers)
        keep(slot, name, server);
    }
    set_entries(reasons_map);
    set_entries(tokens_map);
    set_entries(endpoints_map);
    set_entries(routes_map);
    remove_entries(routes_map);
    // Whoever takes over is there before anybody goes.
    commands_.insert(commands_.end(), drains_.begin(), drains_.end());
    remove_entries(endpoints_map);
    remove_servers();
    remove_entries(tokens_map);
    remove_entries(reasons_map);
    remove_entries(instances_map);
    return std::move(commands_);
  }

 private:
  using Here = std::map<std::string, const ServerState*>;

  void keep(const std::string& slot, const std::string& name,
            const ProxyServer& server) {
    const Here& here = here_[slot];
    const auto found = here.find(name);
    const std::string full = slot + '/' + name;
    if (found == here.end()) {
      // One that only drains has nothing to finish where it never was.
      if (!server.draining) add(slot, full, server);
      return;
    }
    const ServerState& now = *found->second;
    if (now.address != server.address) {
      remove(full, now);
      return;
    }
    if (now.weight != server.weight) {
      commands_.push_back("set server " + full + " weight " +
                          std::to_string(server.weight));
    }
    const StatRow* figures = state_.figures_of(slot, name);
    if (figures != nullptr && figures->limit != server.max_concurrency) {
      commands_.push_back("set maxconn server " + full + ' ' +
                          std::to_string(server.max_concurrency));
    }
    if (server.draining && !now.draining) {
      drains_.push_back("set server " + full + " state drain");
    } else if (!server.draining && (now.draining || now.maintenance)) {
      commands_.push_back("enable health " + full);
      commands_.push_back("set server " + full + " state ready");
    }
  }

  void add(const std::string& slot, const std::string& full,
           const ProxyServer& server) {
    const Here& here = here_[slot];
    const bool others =
        std::any_of(here.begin(), here.end(), [](const auto& one) {
          return one.second->up && !one.second->maintenance &&
                 !one.second->draining;
        });
    auto& ids = ids_[slot];
    std::uint32_t id = 1;
    while (ids.contains(id))
      ++id;
    ids.insert(id);
    commands_.push_back("add server " + full + ' ' +
                        server_options(server, id, limits_, others));
    commands_.push_back("enable health " + full);
    commands_.push_back("enable server " + full);
  }

  void remove_servers() {
    for (const auto& [slot, here] : here_) {
      const auto wanted = table_.slots.find(slot);
      for (const auto& [name, state] : here) {
        if (wanted != table_.slots.end() && wanted->second.contains(name))
          continue;
        remove(slot + '/' + name, *state);
      }
    }
  }

  /// Deleting is refused while a request is under way, and tried again.
  void remove(const std::string& full, const ServerState& now) {
    if (!now.maintenance)
      commands_.push_back("set server " + full + " state maint");
    commands_.push_back("del server " + full);
  }

  [[nodiscard]] const TextMap& there(std::string_view map) const {
    static const TextMap none;
    const auto found = state_.maps.find(std::string(map));
    return found == state_.maps.end() ? none : found->second;
  }
  [[nodiscard]] std::string path(std::string_view map) const {
    const auto found = state_.map_paths.find(std::string(map));
    return found == state_.map_paths.end() ? std::string(map) : found->second;
  }

  void set_entries(std::string_view map) {
    const TextMap& now = there(map);
    for (const auto& [key, value] : table_.maps.at(std::string(map))) {
      const auto found = now.find(key);
      if (found != now.end() && found->second == value) continue;
      commands_.push_back((found == now.end() ? "add map " : "set map ") +
                          path(map) + ' ' + command_word(key) + ' ' +
                          command_word(value));
    }
  }

  void remove_entries(std::string_view map) {
    const TextMap& wanted = table_.maps.at(std::string(map));
    for (const auto& [key, value] : there(map)) {
      if (!wanted.contains(key))
        commands_.push_back("del map " + path(map) + ' ' + command_word(key));
    }
  }

  const ProxyTable& table_;
  const ProxyState& state_;
  const RouteLimits& limits_;
  std::map<std::string, Here> here_;
  std::map<std::string, std::set<std::uint32_t>> ids_;
  std::vector<std::string> commands_;
  std::vector<std::string> drains_;
};

}  // namespace

std::vector<std::string> plan_commands(const ProxyTable& table,
                                       const ProxyState& state,
                                       const RouteLimits& limits) {
  return Plan(table, state, limits).commands();
}

}  // namespace understudy::gateway
