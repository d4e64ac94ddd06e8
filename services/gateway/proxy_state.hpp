#pragma once

/// What HAProxy says of itself, read: its servers, figures and maps.
///
/// Thread safety: plain values and functions without state.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/result.hpp"
#include "services/gateway/runtime_socket.hpp"

namespace understudy::gateway {

/// One line of `show servers state`.
struct ServerState {
  std::string backend;
  std::string name;
  std::uint32_t id = 0;
  std::string address;  ///< HOST:PORT.
  std::uint32_t weight = 0;
  bool maintenance = false;
  bool draining = false;
  bool up = false;
  friend bool operator==(const ServerState&, const ServerState&) = default;
};

/// One line of `show stat`; `server` is BACKEND for the backend's own.
struct StatRow {
  std::string backend;
  std::string server;
  std::uint32_t queued = 0;
  std::uint32_t current = 0;
  std::uint32_t limit = 0;  ///< Of current; 0: none.
  std::uint32_t rate = 0;   ///< In the last second.
  std::uint64_t total = 0;
  std::uint64_t errors_4xx = 0;
  std::uint64_t errors_5xx = 0;
  std::uint64_t response_ms = 0;  ///< Mean of the last 1024.
  std::uint64_t total_ms = 0;
};

/// Requests held back because no instance was there.
struct Waiting {
  std::uint32_t now = 0;
  std::uint64_t arrived = 0;  ///< Since HAProxy began.
};

using TextMap = std::map<std::string, std::string>;

/// Of what the gateway keeps there, all that is there.
struct ProxyState {
  std::string description;
  std::vector<std::string> backends;
  std::vector<ServerState> servers;
  std::vector<StatRow> figures;
  std::map<std::string, Waiting> waiting;  ///< By endpoint.
  TextMap map_paths;                       ///< By the name of the file.
  std::map<std::string, TextMap> maps;     ///< By the name of the file.
  std::uint64_t dropped_lines = 0;

  [[nodiscard]] const StatRow* figures_of(const std::string& backend,
                                          const std::string& server) const;
};

[[nodiscard]] std::vector<ServerState> parse_servers_state(
    std::string_view text);
[[nodiscard]] std::vector<StatRow> parse_stat(std::string_view text);
[[nodiscard]] TextMap parse_map(std::string_view text);
/// Name of the file to the path that HAProxy knows it by.
[[nodiscard]] TextMap parse_map_list(std::string_view text);
[[nodiscard]] std::map<std::string, Waiting> parse_waiting(
    std::string_view text);

/// Adds the maps of ours that a list of them lacks.
void add_missing_paths(TextMap& paths);

/// Errors: `unavailable`.
[[nodiscard]] Result<ProxyState> read_proxy_state(const RuntimeSocket& socket);

}  // namespace understudy::gateway
