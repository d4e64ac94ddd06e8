#pragma once

/// Any described value as JSON, for people and programs that read it; there
/// is no way back. Fields keep their names and their order.
///
/// Instants are RFC 3339 in UTC with milliseconds; 0 and `never`, which
/// stand for "no such time", are null. Instances are `request-attempt-index`,
/// operations and requests are numbers, enums their names. Maps are objects.
/// An event or input is an object whose first member, `type`, is its name.
///
/// Thread safety: functions without state.

#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include <nlohmann/json.hpp>

#include "actors/core/describe.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"

namespace understudy {

using Json = nlohmann::ordered_json;

template <class T>
[[nodiscard]] Json to_json(const T& value);

/// One line, or indented. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] inline std::string json_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// A text as a message may show it: in quotes, escaped, 64 bytes at most.
[[nodiscard]] inline std::string json_quoted(std::string_view text) {
  return json_text(Json(std::string(text.substr(0, 64))));
}

namespace detail {

template <class T>
std::string json_key(const T& key) {
  if constexpr (std::is_same_v<T, std::string>) {
    return key;
  } else if constexpr (std::is_integral_v<T>) {
    return std::to_string(key);
  } else {
    return to_string(key);
  }
}

inline Json json_instant(Instant at) {
  if (at == Instant{} || at == Instant::never()) return nullptr;
  return to_string(at);
}

template <class T>
Json json_list(const T& list) {
  if constexpr (is_map<T>::value) {
    Json object = Json::object();
    for (const auto& [key, value] : list)
      object[json_key(key)] = to_json(value);
    return object;
  } else {
    Json array = Json::array();
    for (const auto& element : list)
      array.push_back(to_json(element));
    return array;
  }
}

template <class T>
void add_json_fields(Json& object, const T& value) {
  for_each_field(value, [&](std::string_view name, const auto& member) {
    object[std::string(name)] = to_json(member);
  });
}

}  // namespace detail

template <class T>
Json to_json(const T& value) {
  if constexpr (std::is_integral_v<T> || std::is_same_v<T, std::string>) {
    return value;
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(name_of(value));
  } else if constexpr (std::is_same_v<T, Instant>) {
    return detail::json_instant(value);
  } else if constexpr (std::is_same_v<T, StreamId>) {
    return value.text;
  } else if constexpr (std::is_same_v<T, InstanceId>) {
    return to_string(value);
  } else if constexpr (StrongId<T>) {
    return value.value;
  } else if constexpr (is_optional<T>::value) {
    return value ? to_json(*value) : Json(nullptr);
  } else if constexpr (is_vector<T>::value || is_set<T>::value ||
                       is_map<T>::value) {
    return detail::json_list(value);
  } else if constexpr (is_variant<T>::value) {
    return std::visit(
        [](const auto& held) {
          Json object = Json::object();
          object["type"] = std::string(std::decay_t<decltype(held)>::name);
          detail::add_json_fields(object, held);
          return object;
        },
        value);
  } else {
    Json object = Json::object();
    detail::add_json_fields(object, value);
    return object;
  }
}

}  // namespace understudy
