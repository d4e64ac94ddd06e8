#pragma once

/// JSON by the letter: no comments, no field twice, no number in quotes, no
/// null in place of a value. The field that a text fails on is named by its
/// path.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "actors/core/result.hpp"
#include "services/codec/json.hpp"
#include "services/codec/layout.hpp"
#include "services/codec/written_enum.hpp"

namespace understudy::codec {

constexpr int deepest_json = 32;

/// Errors: `invalid_input`; where it is no JSON, it begins with
/// `line:column:`.
[[nodiscard]] Result<Json> parse_strict_json(std::string_view text);

/// `null`, `a text`, `-1`: what stands somewhere, for a message.
[[nodiscard]] std::string described_json(const Json& value);

/// Compares JSON with the fields of a described struct, as people write it:
/// every field may be absent, none may be unknown, enums are texts.
class KindCheck {
 public:
  /// The first thing that does not fit; `invalid_input`.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  template <class T>
  void check(const Json& json, const std::string& path) {
    if constexpr (is_optional<T>::value) {
      check<typename T::value_type>(json, path);
    } else if constexpr (std::is_same_v<T, bool>) {
      expect(json.is_boolean(), json, path, "true or false");
    } else if constexpr (StoredScalar<T> && !std::is_enum_v<T>) {
      check_number(json, path, std::numeric_limits<Wire<T>>::max());
    } else if constexpr (StoredText<T> || std::is_enum_v<T>) {
      expect(json.is_string(), json, path, "a text");
    } else if constexpr (is_vector<T>::value) {
      check_list<typename T::value_type>(json, path);
    } else {
      check_object<T>(json, path);
    }
  }

 private:
  void expect(bool fits, const Json& json, const std::string& path,
              const std::string& accepted);
  void check_number(const Json& json, const std::string& path,
                    std::uint64_t highest);
  void refuse_unknown(std::string_view key, const std::string& path,
                      const std::string& accepted);

  template <class T>
  void check_list(const Json& json, const std::string& path) {
    expect(json.is_array(), json, path, "a list");
    for (std::size_t i = 0; !error_ && i < json.size(); ++i)
      check<T>(json[i], path + '[' + std::to_string(i) + ']');
  }

  template <Described T>
  void check_object(const Json& json, const std::string& path) {
    expect(json.is_object(), json, path, "an object");
    if (error_) return;
    for (const auto& [key, value] : json.items())
      check_member<T>(key, value, path);
  }

  template <Described T>
  void check_member(std::string_view key, const Json& value,
                    const std::string& path) {
    if (error_) return;
    bool known = false;
    const auto try_field =
        [&]<class Owner, class Member>(const Field<Owner, Member>& field) {
          const auto name = written_name(field.name);
          if (name != key) return;
          known = true;
          check<Member>(value,
                        path + (path.empty() ? "" : ".") + std::string(name));
        };
    std::apply([&](const auto&... field) { (try_field(field), ...); },
               T::fields());
    if (!known) refuse_unknown(key, path, names_of_fields<T>());
  }

  template <Described T>
  static std::string names_of_fields() {
    std::string names;
    const auto add = [&names](std::string_view name) {
      names += (names.empty() ? "" : ", ") + std::string(written_name(name));
    };
    std::apply([&](const auto&... field) { (add(field.name), ...); },
               T::fields());
    return names;
  }

  std::optional<Error> error_;
};

}  // namespace understudy::codec
