#include "services/config/settings.hpp"

#include "services/config/settings_check.hpp"
#include "services/config/settings_layers.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr std::string_view variable_prefix = "UNDERSTUDY_";

}  // namespace

Result<Settings> read_settings(const SettingsSources& sources) {
  Settings settings;
  Places places(sources.file);
  if (auto read =
          config::read_layers(sources, variable_prefix, settings, places);
      !read)
    return read.error();
  if (auto checked = check_settings(settings, places); !checked)
    return checked.error();
  return settings;
}

std::string environment_name(std::string_view key) {
  return config::variable_name(variable_prefix, key);
}

std::vector<std::string> settings_keys() { return config::keys_of<Settings>(); }

bool ListenAddress::loopback() const {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::optional<ListenAddress> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const auto port = parse_number(text.substr(colon + 1), 65'535);
  if (!port) return std::nullopt;
  std::string host(text.substr(0, colon));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  return ListenAddress{std::move(host), static_cast<std::uint16_t>(*port)};
}

}  // namespace understudy
