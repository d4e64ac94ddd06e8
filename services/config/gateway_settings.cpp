#include "services/config/gateway_settings.hpp"

#include <optional>

#include "services/config/log_address.hpp"
#include "services/config/settings_layers.hpp"

namespace understudy {
namespace {

struct Range {
  const char* key;
  std::uint64_t value;
  std::uint64_t min;
  std::uint64_t max;
};

std::vector<Range> ranges_of(const GatewaySettings& s) {
  constexpr std::uint64_t day_ms = 86'400'000;
  return {
      {"stop_timeout_ms", s.stop_timeout_ms, 0, day_ms},
      {"haproxy.max_connections", s.haproxy.max_connections, 10, 1'000'000},
      {"haproxy.threads", s.haproxy.threads, 0, 64},
      {"haproxy.slots", s.haproxy.slots, 1, 10'000},
      {"haproxy.random_slots", s.haproxy.random_slots, 0, 10'000},
      {"queue.max", s.queue.max, 1, 1'000'000},
      {"queue.timeout_ms", s.queue.timeout_ms, 1, day_ms},
      {"queue.waiting_max", s.queue.waiting_max, 0, 100'000},
      {"queue.waiting_ms", s.queue.waiting_ms, 0, 3'600'000},
      {"request.timeout_ms", s.request.timeout_ms, 1, day_ms},
      {"request.client_timeout_ms", s.request.client_timeout_ms, 1, day_ms},
      {"request.head_timeout_ms", s.request.head_timeout_ms, 1, day_ms},
      {"request.connect_timeout_ms", s.request.connect_timeout_ms, 1, day_ms},
      {"instance.slow_start_ms", s.instance.slow_start_ms, 0, 3'600'000},
      {"instance.check_interval_ms", s.instance.check_interval_ms, 10, 60'000},
  };
}

/// What would be no single word in the configuration of HAProxy.
bool is_word(const std::string& text) {
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                       (c >= 'A' && c <= 'Z');
    if (!plain &&
        std::string_view("-_./:[]*+@%").find(c) == std::string_view::npos)
      return false;
  }
  return true;
}

std::optional<Error> check_texts(const GatewaySettings& s,
                                 const Places& places) {
  for (const auto& [key, value] :
       {std::pair("listen", &s.listen),
        std::pair("status_listen", &s.status_listen)}) {
    const auto address = parse_listen(*value);
    if (!address || !is_word(*value)) {
      return places.error(key, in_quotes(*value),
                          "HOST:PORT, such as 127.0.0.1:8080");
    }
  }
  if (!s.log.empty()) {
    if (const auto log = parse_log_address(s.log); !log)
      return places.error(
          "log", log.error().message,
          std::string(log_address_forms) + " or kafka:HOST:PORT,...");
  }
  if (!is_word(s.name) || s.name.size() > 80) {
    return places.error("name", in_quotes(s.name),
                        "80 letters, digits and -_./:@ at most");
  }
  for (const auto& [key, value] :
       {std::pair("haproxy.directory", &s.haproxy.directory),
        std::pair("tls_certificate", &s.tls_certificate)}) {
    if (value->empty() && value != &s.haproxy.directory) continue;
    if (!value->starts_with('/') || !is_word(*value) || value->size() > 80) {
      return places.error(key, in_quotes(*value),
                          "a path from the root, of 80 letters, digits and "
                          "-_./+ at most");
    }
  }
  return std::nullopt;
}

}  // namespace

Result<GatewaySettings> read_gateway_settings(const SettingsSources& sources) {
  GatewaySettings settings;
  Places places(sources.file);
  if (auto read =
          config::read_layers(sources, "UNDERSTUDY_GATEWAY_", settings, places);
      !read)
    return read.error();
  for (const Range& one : ranges_of(settings)) {
    if (one.value >= one.min && one.value <= one.max) continue;
    return places.error(
        one.key, std::to_string(one.value),
        std::to_string(one.min) + " to " + std::to_string(one.max));
  }
  if (auto wrong = check_texts(settings, places)) return *wrong;
  return settings;
}

std::vector<std::string> gateway_settings_keys() {
  return config::keys_of<GatewaySettings>();
}

}  // namespace understudy
