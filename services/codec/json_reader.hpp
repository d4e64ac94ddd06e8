#pragma once

/// Reads described values from JSON that `KindCheck` let through: what is
/// absent keeps the struct's own default, and enums are texts.

#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "actors/core/result.hpp"
#include "services/codec/json.hpp"
#include "services/codec/layout.hpp"
#include "services/codec/written_enum.hpp"

namespace understudy::codec {

class JsonReader {
 public:
  template <Described T>
  void read(const Json& json, const std::string& path, T& out) {
    for (const auto& [key, value] : json.get_ref<const Json::object_t&>())
      read_member(key, value, path, out);
  }

  /// The first thing that was wrong.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  template <Described T>
  void read_member(const std::string& key, const Json& value,
                   const std::string& path, T& out) {
    const auto try_field = [&](const auto& field) {
      if (written_name(field.name) == key)
        read_value(value, path, key, out.*(field.member));
    };
    std::apply([&](const auto&... field) { (try_field(field), ...); },
               T::fields());
  }

  template <class T>
  void read_value(const Json& json, const std::string& parent,
                  const std::string& key, T& out) {
    if constexpr (is_optional<T>::value) {
      read_value(json, parent, key, out.emplace());
    } else if constexpr (std::is_same_v<T, bool>) {
      out = json.get<bool>();
    } else if constexpr (std::is_enum_v<T>) {
      auto wrong = read_enum(json.get_ref<const std::string&>(),
                             joined(parent, key), out);
      if (wrong && !error_) error_ = std::move(wrong);
    } else if constexpr (StoredScalar<T>) {
      out = from_wire<T>(json.get<Wire<T>>());
    } else if constexpr (StoredText<T>) {
      text_of(out) = json.get_ref<const std::string&>();
    } else if constexpr (is_vector<T>::value) {
      read_list(json, joined(parent, key), out);
    } else {
      read(json, joined(parent, key), out);
    }
  }

  template <class T>
  void read_list(const Json& json, const std::string& path,
                 std::vector<T>& out) {
    out.resize(json.size());
    for (std::size_t i = 0; i < out.size(); ++i)
      read_value(json[i], path, '[' + std::to_string(i) + ']', out[i]);
  }

  static std::string joined(const std::string& parent, const std::string& key) {
    return parent.empty() || key.front() == '[' ? parent + key
                                                : parent + '.' + key;
  }

  std::optional<Error> error_;
};

}  // namespace understudy::codec
