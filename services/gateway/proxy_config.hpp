#pragma once

/// Writes the configuration that HAProxy is started with, its maps, and the
/// small Lua program that holds a request back until an instance is there:
/// haproxy.cfg, haproxy_slot.cfg and understudy.lua with their blanks filled.
///
/// Servers are written down too, so that a HAProxy that is started or
/// reloaded serves at once; from then on the runtime API keeps it true.
///
/// Thread safety: plain values and functions without state.

#include <cstdint>
#include <map>
#include <string>

#include "services/gateway/proxy_table.hpp"

namespace understudy::gateway {

struct ProxyOptions {
  std::string listen = "127.0.0.1:8080";  ///< HOST:PORT, host may be `*`.
  std::string tls_certificate;            ///< PEM with key; empty: no TLS.
  std::string directory;                  ///< For everything HAProxy uses.
  std::uint32_t max_connections = 4'000;
  std::uint32_t threads = 0;  ///< 0: as many as there are processors.
  std::uint32_t queue_max = 1'000;
  std::uint32_t queue_timeout_ms = 30'000;
  std::uint32_t waiting_max = 1'000;
  std::uint32_t request_timeout_ms = 600'000;
  std::uint32_t client_timeout_ms = 60'000;
  std::uint32_t head_timeout_ms = 10'000;
  std::uint32_t connect_timeout_ms = 3'000;
  std::uint32_t drain_timeout_ms = 600'000;  ///< Of HAProxy's old processes.
  /// Whether it is given `lines_pipe` as its descriptor 3, which costs it a
  /// fraction of a datagram for each line; otherwise it has the socket.
  bool has_lines_pipe = false;
  bool has_tokens = false;  ///< Whether any endpoint may have a token.
  RouteLimits routes;

  [[nodiscard]] std::string file(std::string_view name) const {
    return directory + '/' + std::string(name);
  }
};

/// How many slots of each kind.
struct SlotCounts {
  std::uint32_t least_outstanding = 64;
  std::uint32_t random = 16;
  friend bool operator==(const SlotCounts&, const SlotCounts&) = default;
};

/// Names of files in the directory.
inline constexpr std::string_view config_file = "haproxy.cfg";
inline constexpr std::string_view lua_file = "understudy.lua";
inline constexpr std::string_view runtime_socket_file = "haproxy.sock";
inline constexpr std::string_view master_socket_file = "master.sock";
inline constexpr std::string_view again_socket_file = "again.sock";
inline constexpr std::string_view pid_file = "haproxy.pid";
inline constexpr std::string_view output_file = "haproxy.log";
inline constexpr std::string_view lines_socket_file = "lines.sock";
inline constexpr std::string_view lines_pipe_file = "lines.pipe";

/// Tells configurations apart whatever servers they hold; HAProxy says it as
/// its description.
[[nodiscard]] std::string config_mark(const ProxyOptions& options,
                                      const SlotCounts& slots);

[[nodiscard]] std::string haproxy_config(const ProxyOptions& options,
                                         const SlotCounts& slots,
                                         const ProxyTable& table);
[[nodiscard]] std::string lua_program(const ProxyOptions& options);
/// The text of a map's file.
[[nodiscard]] std::string map_text(const TextMap& map);

}  // namespace understudy::gateway
