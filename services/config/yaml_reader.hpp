#pragma once

/// Reads described structs from YAML, and from JSON, which is YAML too: the
/// names in the file are the names of the fields. Nothing is guessed: an
/// unknown field, a value of another type, a number out of its range, a key
/// given twice, a required field that is missing are errors with a place.
///
/// Thread safety: none needed. Includes yaml-cpp: for the sources of this
/// folder only.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "actors/core/describe.hpp"
#include "actors/core/result.hpp"
#include "services/config/places.hpp"
#include "services/config/required.hpp"

namespace understudy {

/// The one document of a text. Errors: `invalid_input` for malformed text,
/// no document, or several.
Result<YAML::Node> parse_yaml(const std::string& file, const std::string& text);
/// All documents of a text, one at least; empty ones are passed over.
Result<std::vector<YAML::Node>> parse_yaml_documents(const std::string& file,
                                                     const std::string& text);

class YamlReader {
 public:
  explicit YamlReader(std::string file) : places_(std::move(file)) {}

  /// False at the first thing that is wrong; `error()` says what.
  template <class T>
  bool read(const YAML::Node& node, const std::string& path, T& out) {
    if (!enter(node, path)) return false;
    if constexpr (std::same_as<T, std::string>) {
      return read_text(node, path, out);
    } else if constexpr (std::same_as<T, bool>) {
      return read_bool(node, path, out);
    } else if constexpr (std::unsigned_integral<T>) {
      std::uint64_t wide = 0;
      if (!read_number(node, path, std::numeric_limits<T>::max(), wide))
        return false;
      out = static_cast<T>(wide);
      return true;
    } else if constexpr (DescribedEnum<T>) {
      return read_enum(node, path, out);
    } else if constexpr (is_vector<T>::value) {
      return read_list(node, path, out);
    } else if constexpr (is_map<T>::value) {
      return read_map(node, path, out);
    } else {
      static_assert(Described<T>);
      return read_struct(node, path, out);
    }
  }

  [[nodiscard]] const Error& error() const { return *error_; }
  [[nodiscard]] Places& places() { return places_; }

 private:
  using Keys = std::vector<std::string>;

  bool enter(const YAML::Node& node, const std::string& path);
  bool read_text(const YAML::Node& node, const std::string& path,
                 std::string& out);
  bool read_bool(const YAML::Node& node, const std::string& path, bool& out);
  bool read_number(const YAML::Node& node, const std::string& path,
                   std::uint64_t max, std::uint64_t& out);
  /// The keys of a mapping, in order, each once.
  bool read_keys(const YAML::Node& node, const std::string& path, Keys& out,
                 const std::string& accepted);
  bool wrong(const std::string& path, const std::string& what,
             const std::string& accepted);

  template <class T>
  bool read_enum(const YAML::Node& node, const std::string& path, T& out) {
    const auto value =
        node.IsScalar() ? parse_enum<T>(node.Scalar()) : std::optional<T>();
    if (value) {
      out = *value;
      return true;
    }
    std::string names;
    for (const std::string_view name : names_of(T{}))
      names += (names.empty() ? "" : ", ") + std::string(name);
    return wrong(path, shown(node), names);
  }

  template <class T>
  bool read_list(const YAML::Node& node, const std::string& path, T& out) {
    if (!node.IsSequence()) return wrong(path, shown(node), "a list");
    out.clear();
    for (const auto& entry : node) {
      const std::string below = path + '[' + std::to_string(out.size()) + ']';
      out.emplace_back();
      if (!read(entry, below, out.back())) return false;
    }
    return true;
  }

  template <class T>
  bool read_map(const YAML::Node& node, const std::string& path, T& out) {
    Keys keys;
    if (!read_keys(node, path, keys, "a mapping of names to values"))
      return false;
    out.clear();
    std::size_t i = 0;
    for (const auto& pair : node) {
      const std::string& key = keys[i++];
      if (!read(pair.second, member(path, key), out[key])) return false;
    }
    return true;
  }

  template <class T>
  bool read_struct(const YAML::Node& node, const std::string& path, T& out) {
    std::string names;
    for_each_field(out, [&](std::string_view name, const auto&) {
      names += (names.empty() ? "" : ", ") + std::string(name);
    });
    Keys keys;
    if (!read_keys(node, path, keys, names)) return false;
    std::size_t i = 0;
    for (const auto& pair : node) {
      const std::string& key = keys[i++];
      const std::string below = member(path, key);
      bool known = false;
      bool right = true;
      for_each_field(out, [&](std::string_view name, auto& member) {
        if (name != key) return;
        known = true;
        right = read(pair.second, below, member);
      });
      if (!known) return wrong(below, "unknown field", names);
      if (!right) return false;
    }
    for (const std::string_view name : required_fields<T>) {
      if (std::find(keys.begin(), keys.end(), name) == keys.end())
        return wrong(path, "missing " + std::string(name), names);
    }
    return true;
  }

  /// The path of a field of what stands at `path`.
  [[nodiscard]] static std::string member(const std::string& path,
                                          const std::string& key);
  /// The node's value for a message.
  [[nodiscard]] static std::string shown(const YAML::Node& node);

  Places places_;
  std::optional<Error> error_;
  std::size_t values_ = 0;
};

}  // namespace understudy
