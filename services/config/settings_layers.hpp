#pragma once

/// Reads a struct of settings from a file, the environment and flags, each
/// over the one before. For the sources of this folder only: it includes
/// yaml-cpp.
///
/// Thread safety: functions without state.

#include <cctype>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "services/config/endpoint_document.hpp"
#include "services/config/settings.hpp"
#include "services/config/yaml_reader.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy::config {

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

template <class S>
std::vector<std::string> keys_of() {
  std::vector<std::string> keys;
  S settings;
  for_each_key(settings, "",
               [&](const std::string& key, auto&) { keys.push_back(key); });
  return keys;
}

/// `api.listen` with a prefix as UNDERSTUDY_API_LISTEN.
inline std::string variable_name(std::string_view prefix,
                                 std::string_view key) {
  std::string name(prefix);
  for (const char c : key) {
    const auto upper = std::toupper(static_cast<unsigned char>(c));
    name += c == '.' ? '_' : static_cast<char>(upper);
  }
  return name;
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

template <class S>
Result<void> read_file(const std::string& file, S& settings, Places& places) {
  const auto text = read_text_file(file, largest_document);
  if (!text) return text.error();
  const auto root = parse_yaml(file, text.value());
  if (!root) return root.error();
  YamlReader reader(file);
  if (!reader.read(root.value(), "", settings)) return reader.error();
  places = std::move(reader.places());
  return {};
}

template <class S>
Result<void> read_environment(const SettingsSources& sources,
                              std::string_view prefix, S& settings) {
  Result<void> result;
  for_each_key(settings, "", [&](const std::string& key, auto& value) {
    const std::string name = variable_name(prefix, key);
    const auto text = sources.environment(name);
    if (!result || !text) return;
    result = set_value("environment " + name, key, *text, value);
  });
  return result;
}

template <class S>
Result<void> read_flag(const std::string& key, const std::string& text,
                       S& settings) {
  bool known = false;
  Result<void> result;
  for_each_key(settings, "", [&](const std::string& name, auto& value) {
    if (name != key) return;
    known = true;
    result = set_value("command line", key, text, value);
  });
  if (known) return result;
  std::string all;
  for (const std::string& one : keys_of<S>())
    all += (all.empty() ? "" : ", ") + one;
  return Error{
      ErrorCode::invalid_input,
      "command line: unknown key " + in_quotes(key) + "; accepted: " + all};
}

/// All three layers over what `settings` holds; `places` is of the file.
template <class S>
Result<void> read_layers(const SettingsSources& sources,
                         std::string_view prefix, S& settings, Places& places) {
  if (!sources.file.empty()) {
    if (auto read = read_file(sources.file, settings, places); !read)
      return read;
  }
  if (sources.environment) {
    if (auto read = read_environment(sources, prefix, settings); !read)
      return read;
  }
  for (const auto& [key, text] : sources.flags) {
    if (auto read = read_flag(key, text, settings); !read) return read;
  }
  return {};
}

}  // namespace understudy::config
