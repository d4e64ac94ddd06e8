#include "services/gateway/proxy_config.hpp"

#include "services/gateway/proxy_names.hpp"

namespace understudy::gateway {
namespace {

std::string ms(std::uint32_t value) { return std::to_string(value) + "ms"; }

/// A JSON body as a quoted word of the configuration.
std::string body(const std::string& reason, const std::string& message,
                 const std::string& more = {}) {
  return R"("{\"reason\":\")" + reason + R"(\",\"message\":\")" + message +
         R"(\")" + more + R"(}\n")";
}

std::string global_section(const ProxyOptions& o, const std::string& mark) {
  std::string text = "global\n";
  text += "  description " + mark + "\n";
  text += "  maxconn " + std::to_string(o.max_connections) + "\n";
  if (o.threads > 0) text += "  nbthread " + std::to_string(o.threads) + "\n";
  text += "  stats socket " + o.file(runtime_socket_file) +
          " mode 600 level admin expose-fd listeners\n"
          "  stats timeout 1m\n"
          "  hard-stop-after " +
          ms(o.drain_timeout_ms) +
          "\n"
          "  log " +
          (o.has_lines_pipe ? "fd@3" : o.file(lines_socket_file)) +
          " len 1024 format raw local0 info\n"
          "  lua-load " +
          o.file(lua_file) + "\n";
  if (!o.tls_certificate.empty()) {
    text += "  ssl-default-bind-options ssl-min-ver TLSv1.2\n";
  }
  return text;
}

std::string defaults_section(const ProxyOptions& o) {
  return "defaults\n"
         "  mode http\n"
         "  log global\n"
         "  option dontlognull\n"
         "  log-format \"%[var(txn.endpoint)] %[srv_name] %ST %Tw %Tc %Tr "
         "%Td %Ta %ts\"\n"
         "  timeout connect " +
         ms(o.connect_timeout_ms) + "\n  timeout client " +
         ms(o.client_timeout_ms) + "\n  timeout http-request " +
         ms(o.head_timeout_ms) + "\n  timeout http-keep-alive " +
         ms(o.client_timeout_ms) + "\n  timeout queue " +
         ms(o.queue_timeout_ms) + "\n  timeout server " +
         ms(o.request_timeout_ms) +
         "\n"
         "  option abortonclose\n"
         "  option redispatch 1\n"
         "  option http-no-delay\n"
         "  retries 3\n"
         "  retry-on conn-failure empty-response\n"
         "  http-error status 400 content-type application/json lf-string " +
         body("bad-request",
              "the request is no HTTP, or its head is too large") +
         "\n  http-error status 408 content-type application/json lf-string " +
         body("request-timeout", "the head of the request came too slowly") +
         "\n  http-error status 502 content-type application/json lf-string " +
         body("instance-failed",
              "the instance closed the connection before it answered",
              R"(,\"instance\":\"%[srv_name]\")") +
         "\n  http-error status 503 content-type application/json lf-string " +
         body("not-taken", "no instance took the request in time") +
         "\n  http-error status 504 content-type application/json lf-string " +
         body("instance-timeout", "the instance did not answer in time",
              R"(,\"instance\":\"%[srv_name]\")") +
         "\n";
}

std::string frontend_section(const ProxyOptions& o) {
  std::string bind = "  bind " + o.listen;
  if (!o.tls_certificate.empty())
    bind += " ssl crt " + o.tls_certificate + " alpn h2,http/1.1";
  const std::string tokens = "map(" + o.file(tokens_map) + ")";
  return "frontend understudy\n" + bind +
         "\n"
         "  http-request set-var(txn.endpoint) path,field(3,/)\n"
         "  http-request set-var(txn.wanted) var(txn.endpoint)," +
         tokens +
         "\n"
         "  http-request set-var(txn.wanted) str(*)," +
         tokens +
         " unless { var(txn.wanted) -m found }\n"
         "  http-request set-var(txn.given) "
         "http_auth_bearer,sha2(256),hex\n"
         "  http-request return status 401 content-type application/json "
         "hdr WWW-Authenticate \"Bearer realm=\\\"understudy\\\"\" lf-string " +
         body("unauthorized", "a bearer token of this endpoint is needed") +
         " if { var(txn.wanted) -m found } !{ var(txn.given),"
         "secure_memcmp(txn.wanted) -m bool }\n"
         "  http-request del-header authorization if { var(txn.wanted) -m "
         "found }\n"
         "  http-request set-var(txn.route) var(txn.endpoint),map(" +
         o.file(endpoints_map) +
         ")\n"
         "  http-request return status 404 content-type application/json "
         "lf-string " +
         body("no-such-endpoint",
              "there is no endpoint here; accepted: "
              "/endpoints/NAME/invocations") +
         " unless { path_reg ^/endpoints/[^/]+/invocations$ } "
         "{ var(txn.route) -m found }\n"
         "  http-request set-var(txn.slot) var(txn.route),field(1,|)\n"
         "  http-request set-var(txn.wait_ms) var(txn.route),field(2,|)\n"
         "  http-request set-path %[var(txn.route),field(4,|)]\n"
         // Who stops in the middle of a small body takes no instance's place:
         // this version ends such a request by the server's time-out alone.
         "  http-request wait-for-body time " +
         ms(o.client_timeout_ms) +
         "\n"
         "  use_backend %[var(txn.slot)]\n";
}

std::string slot_section(const ProxyOptions& o, const std::string& slot,
                         const ProxyTable& table) {
  const std::string retry = " hdr Retry-After \"%[var(txn.route),field(3,|)]\"";
  const std::string full =
      " content-type application/json hdr Retry-After 1 lf-string " +
      body("queue-full", "too many requests wait for this endpoint");
  // A process that is replaced finishes what it has, and counts no servers.
  const std::string none = "{ nbsrv eq 0 } !{ stopping }";
  const std::string instance =
      "%[srv_name,map(" + o.file(instances_map) + "),field(";
  std::string text =
      "backend " + slot + "\n  balance " +
      (balance_of(slot) == Balance::random ? "random" : "leastconn");
  text +=
      "\n  http-request disable-l7-retry unless "
      "{ req.hdr(idempotency-key) -m found }\n"
      "  http-request lua.understudy_wait if " +
      none +
      "\n"
      "  http-request return status 429" +
      full +
      " if { var(txn.full) -m found }\n  http-request return status 503"
      " content-type application/json" +
      retry + " lf-string \"%[var(txn.endpoint),map(" + o.file(reasons_map) +
      ","
      R"('{\"reason\":\"unreachable\",\"message\":)"
      R"(\"no instance can be reached\"}')]\n" if )" +
      none +
      "\n"
      "  http-request return status 429" +
      full + " if { queue ge " + std::to_string(o.queue_max) +
      " }\n"
      "  http-request set-var(txn.passed) bool(true)\n"
      "  http-response set-header x-understudy-endpoint "
      "%[var(txn.endpoint)]\n"
      "  http-response set-header x-understudy-variant " +
      instance + "1,|)]\n  http-response set-header x-understudy-pool " +
      instance +
      "2,|)]\n  http-response set-header x-understudy-instance-type " +
      instance +
      "3,|)]\n"
      "  http-after-response set-status 502 reason \"Bad Gateway\" if "
      "{ status 503 } { var(txn.passed) -m found } { srv_id -m found } "
      "!{ res.hdr(x-understudy-endpoint) -m found }\n"
      "  http-after-response set-status 502 reason \"Bad Gateway\" if "
      "{ status 503 } { var(txn.passed) -m found } " +
      none +
      " "
      "!{ res.hdr(x-understudy-endpoint) -m found }\n"
      "  http-after-response set-status 429 reason \"Too Many Requests\" if "
      "{ status 503 } { var(txn.passed) -m found } "
      "!{ res.hdr(x-understudy-endpoint) -m found }\n";
  const auto servers = table.slots.find(slot);
  if (servers == table.slots.end()) return text;
  std::uint32_t id = 0;
  for (const auto& [name, server] : servers->second) {
    ++id;
    if (server.draining) continue;
    text += "  server " + name + ' ' +
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
  std::string text = global_section(options, mark) + defaults_section(options) +
                     frontend_section(options);
  for_each_slot(slots, [&](const std::string& slot) {
    text += slot_section(options, slot, table);
  });
  return text;
}

constexpr const char* program = R"lua(
-- Holds a request back while its endpoint has no instance, for a bounded
-- time and number, and counts: who waits is demand.
local most = @MOST@
local waiting, arrived, last = {}, {}, 0
local function now_ms()
  local now = core.now()
  return now.sec * 1000 + now.usec // 1000
end
-- A request that was given up is noticed by its silence.
local function alive(endpoint)
  local count, limit = 0, now_ms() - 2000
  for id, touched in pairs(waiting[endpoint] or {}) do
    if touched < limit then
      waiting[endpoint][id] = nil
    else
      count = count + 1
    end
  end
  return count
end
core.register_action("understudy_wait", {"http-req"}, function(txn)
  local endpoint = txn:get_var("txn.endpoint") or ""
  local slot = txn:get_var("txn.slot") or ""
  local limit = tonumber(txn:get_var("txn.wait_ms") or "0") or 0
  arrived[endpoint] = (arrived[endpoint] or 0) + 1
  if limit == 0 then return end
  if alive(endpoint) >= most then
    txn:set_var("txn.full", 1)
    return
  end
  waiting[endpoint] = waiting[endpoint] or {}
  last = last + 1
  local me, mine, begin = last, waiting[endpoint], now_ms()
  mine[me] = begin
  while txn.f:nbsrv(slot) == 0 and mine[me] - begin < limit do
    core.msleep(50)
    mine[me] = now_ms()
  end
  mine[me] = nil
end, 0)
core.register_cli({"show", "understudy"},
  "show understudy : requests held back, by endpoint",
  function(applet)
    for endpoint, count in pairs(arrived) do
      applet:send(endpoint .. " " .. alive(endpoint) .. " " .. count .. "\n")
    end
  end)
)lua";

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
  std::string text = program + 1;
  const std::string_view place = "@MOST@";
  text.replace(text.find(place), place.size(),
               std::to_string(options.waiting_max));
  return text;
}

std::string map_text(const TextMap& map) {
  std::string text;
  for (const auto& [key, value] : map)
    text += key + ' ' + value + '\n';
  return text;
}

}  // namespace understudy::gateway
