#include "services/gateway/proxy_config.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "actors/core/check.hpp"
#include "services/gateway/proxy_names.hpp"
#include "services/gateway/proxy_text.hpp"

namespace understudy::gateway {
namespace {

/// What stands for @NAME@ in a text.
using Values = std::vector<std::pair<std::string_view, std::string>>;

std::string filled(std::string_view text, const Values& values) {
  std::string result;
  for (;;) {
    const auto begin = text.find('@');
    result += text.substr(0, begin);
    if (begin == std::string_view::npos) return result;
    const auto end = text.find('@', begin + 1);
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    const auto found =
        std::find_if(values.begin(), values.end(),
                     [&](const auto& one) { return one.first == name; });
    UNDERSTUDY_CHECK(found != values.end());
    result += found->second;
    text.remove_prefix(end + 1);
  }
}

/// A line that begins with what this stands for counts when it is wanted.
std::string only_if(bool wanted) { return wanted ? "" : "# "; }

std::string front(const ProxyOptions& o, const std::string& mark) {
  const bool tls = !o.tls_certificate.empty();
  const std::uint64_t again_ms = std::uint64_t{o.request_timeout_ms} +
                                 o.queue_timeout_ms + o.routes.wait_ms;
  return filled(
      proxy_front_text(),
      {{"MARK", mark},
       {"DIR", o.directory},
       {"CONNECTIONS", std::to_string(o.max_connections)},
       {"THREADS",
        only_if(o.threads > 0) + "nbthread " + std::to_string(o.threads)},
       {"DRAIN", std::to_string(o.drain_timeout_ms)},
       {"LINES", o.has_lines_pipe ? "fd@3" : o.file(lines_socket_file)},
       {"TLS", only_if(tls)},
       {"LISTEN",
        tls ? o.listen + " ssl crt " + o.tls_certificate + " alpn h2,http/1.1"
            : o.listen},
       {"AGAIN", "unix@" + o.file(again_socket_file)},
       {"AGAIN_TIMEOUT", std::to_string(again_ms)},
       {"TOKENS", only_if(o.has_tokens)},
       {"CONNECT", std::to_string(o.connect_timeout_ms)},
       {"CLIENT", std::to_string(o.client_timeout_ms)},
       {"HEAD", std::to_string(o.head_timeout_ms)},
       {"QUEUE", std::to_string(o.queue_timeout_ms)},
       {"REQUEST", std::to_string(o.request_timeout_ms)}});
}

std::string slot_section(const ProxyOptions& o, const std::string& name,
                         const ProxyTable& table) {
  const bool random = balance_of(name) == Balance::random;
  std::string text =
      '\n' +
      filled(proxy_slot_text(), {{"SLOT", name},
                                 {"BALANCE", random ? "random" : "leastconn"},
                                 {"TOKENS", only_if(o.has_tokens)},
                                 {"QUEUE_MAX", std::to_string(o.queue_max)},
                                 {"DIR", o.directory}});
  const auto servers = table.slots.find(name);
  if (servers == table.slots.end()) return text;
  std::uint32_t id = 0;
  for (const auto& [server_name, server] : servers->second) {
    ++id;
    if (server.draining) continue;
    text += "  server " + server_name + ' ' +
            server_options(server, id, o.routes, false) + '\n';
  }
  return text;
}

template <class F>
void for_each_slot(const SlotCounts& slots, const F& use) {
  for (std::uint32_t i = 1; i <= slots.least_outstanding; ++i)
    use(slot_name(Balance::least_outstanding, i));
  for (std::uint32_t i = 1; i <= slots.random; ++i)
    use(slot_name(Balance::random, i));
}

std::string whole(const ProxyOptions& options, const SlotCounts& slots,
                  const ProxyTable& table, const std::string& mark) {
  std::string text = front(options, mark);
  for_each_slot(slots, [&](const std::string& name) {
    text += slot_section(options, name, table);
  });
  return text;
}

}  // namespace

std::string config_mark(const ProxyOptions& options, const SlotCounts& slots) {
  const std::string text = whole(options, slots, {}, {}) + lua_program(options);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string mark = "understudy-";
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  for (int shift = 60; shift >= 0; shift -= 4)
    mark += digits[(hash >> static_cast<unsigned>(shift)) & 15U];
  return mark;
}

std::string haproxy_config(const ProxyOptions& options, const SlotCounts& slots,
                           const ProxyTable& table) {
  return whole(options, slots, table, config_mark(options, slots));
}

std::string lua_program(const ProxyOptions& options) {
  return filled(proxy_lua_text(),
                {{"MOST", std::to_string(options.waiting_max)},
                 {"DIR", options.directory}});
}

std::string map_text(const TextMap& map) {
  std::string text;
  for (const auto& [key, value] : map)
    text += key + ' ' + value + '\n';
  return text;
}

}  // namespace understudy::gateway
