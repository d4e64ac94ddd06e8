#include "services/config/settings.hpp"

#include <algorithm>
#include <cctype>

#include "services/config/endpoint_document.hpp"
#include "services/config/settings_check.hpp"
#include "services/config/yaml_reader.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

/// Calls `f(key, value)` for every field below `prefix` that is no struct.
template <class T, class F>
void for_each_key(T& value, const std::string& prefix, const F& f) {
  for_each_field(value, [&](std::string_view name, auto& member) {
    const std::string key = prefix + std::string(name);
    if constexpr (Described<std::remove_cvref_t<decltype(member)>>) {
      for_each_key(member, key + '.', f);
    } else {
      f(key, member);
    }
  });
}

std::string all_keys() {
  std::string text;
  for (const auto& key : settings_keys())
    text += (text.empty() ? "" : ", ") + key;
  return text;
}

/// `text` as the value of one key; `where` says who gave it.
template <class T>
Result<void> set_value(const std::string& where, const std::string& key,
                       const std::string& text, T& value) {
  if constexpr (std::same_as<T, std::string>) {
    value = text;
    return {};
  } else {
    const auto node = parse_yaml(where, text);
    if (!node) return node.error();
    YamlReader reader(where);
    if (reader.read(node.value(), key, value)) return {};
    return reader.error();
  }
}

Result<void> read_file(const std::string& file, Settings& settings,
                       Places& places) {
  const auto text = read_text_file(file, largest_document);
  if (!text) return text.error();
  const auto root = parse_yaml(file, text.value());
  if (!root) return root.error();
  YamlReader reader(file);
  if (!reader.read(root.value(), "", settings)) return reader.error();
  places = std::move(reader.places());
  return {};
}

Result<void> read_environment(const SettingsSources& sources,
                              Settings& settings) {
  Result<void> result;
  for_each_key(settings, "", [&](const std::string& key, auto& value) {
    const std::string name = environment_name(key);
    const auto text = sources.environment(name);
    if (!result || !text) return;
    result = set_value("environment " + name, key, *text, value);
  });
  return result;
}

Result<void> read_flag(const std::string& key, const std::string& text,
                       Settings& settings) {
  bool known = false;
  Result<void> result;
  for_each_key(settings, "", [&](const std::string& name, auto& value) {
    if (name != key) return;
    known = true;
    result = set_value("command line", key, text, value);
  });
  if (known) return result;
  return Error{ErrorCode::invalid_input, "command line: unknown key " +
                                             in_quotes(key) +
                                             "; accepted: " + all_keys()};
}

}  // namespace

Result<Settings> read_settings(const SettingsSources& sources) {
  Settings settings;
  Places places(sources.file.empty() ? "settings" : sources.file);
  if (!sources.file.empty()) {
    if (auto read = read_file(sources.file, settings, places); !read)
      return read.error();
  }
  if (sources.environment) {
    if (auto read = read_environment(sources, settings); !read)
      return read.error();
  }
  for (const auto& [key, text] : sources.flags) {
    if (auto read = read_flag(key, text, settings); !read) return read.error();
  }
  if (auto checked = check_settings(settings, places); !checked)
    return checked.error();
  return settings;
}

std::string environment_name(std::string_view key) {
  std::string name = "UNDERSTUDY_";
  for (const char c : key) {
    const auto upper = std::toupper(static_cast<unsigned char>(c));
    name += c == '.' ? '_' : static_cast<char>(upper);
  }
  return name;
}

std::vector<std::string> settings_keys() {
  std::vector<std::string> keys;
  Settings settings;
  for_each_key(settings, "",
               [&](const std::string& key, auto&) { keys.push_back(key); });
  return keys;
}

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
