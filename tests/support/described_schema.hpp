#pragma once

/// The JSON Schema of what `to_json` makes of a described type: beside each
/// branch of services/codec/json.hpp stands one here.

#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "services/codec/json.hpp"

namespace understudy::testing {

template <class T>
[[nodiscard]] Json described_schema();

template <class T>
[[nodiscard]] Json object_schema() {
  Json properties = Json::object();
  Json required = Json::array();
  if constexpr (field_count < T >> 0) {
    std::apply(
        [&]<class... Field>(const Field&... field) {
          const auto add = [&]<class Owner, class M>(
                               const understudy::Field<Owner, M>& one) {
            properties[std::string(one.name)] = described_schema<M>();
            required.push_back(std::string(one.name));
          };
          (add(field), ...);
        },
        T::fields());
  }
  // Later releases add fields; a consumer passes over what it does not know.
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)}};
}

template <class T>
Json integer_schema() {
  Json schema{{"type", "integer"}};
  if constexpr (std::is_unsigned_v<T>) schema["minimum"] = 0;
  if constexpr (sizeof(T) < sizeof(std::int64_t))
    schema["maximum"] = std::numeric_limits<T>::max();
  return schema;
}

template <class... T>
Json variant_schema(const std::variant<T...>*) {
  Json any = Json::array();
  const auto add = [&]<class Held>(const Held*) {
    Json schema = object_schema<Held>();
    schema["properties"]["type"] = {{"const", std::string(Held::name)}};
    schema["required"].push_back("type");
    any.push_back(std::move(schema));
  };
  (add(static_cast<const T*>(nullptr)), ...);
  return {{"oneOf", std::move(any)}};
}

template <class E>
Json enum_schema() {
  Json names = Json::array();
  for (const std::string_view name : names_of(E{}))
    names.push_back(std::string(name));
  return {{"type", "string"}, {"enum", std::move(names)}};
}

template <class T>
Json described_schema() {
  if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_integral_v<T>) {
    return integer_schema<T>();
  } else if constexpr (std::is_same_v<T, std::string> ||
                       std::is_same_v<T, StreamId> ||
                       std::is_same_v<T, InstanceId>) {
    return {{"type", "string"}};
  } else if constexpr (std::is_enum_v<T>) {
    return enum_schema<T>();
  } else if constexpr (std::is_same_v<T, Instant>) {
    return {{"type", Json::array({"string", "null"})}, {"format", "date-time"}};
  } else if constexpr (StrongId<T>) {
    return integer_schema<decltype(T{}.value)>();
  } else if constexpr (is_optional<T>::value) {
    return {{"anyOf", Json::array({described_schema<typename T::value_type>(),
                                   Json{{"type", "null"}}})}};
  } else if constexpr (is_map<T>::value) {
    return {
        {"type", "object"},
        {"additionalProperties", described_schema<typename T::mapped_type>()}};
  } else if constexpr (is_vector<T>::value || is_set<T>::value) {
    return {{"type", "array"},
            {"items", described_schema<typename T::value_type>()}};
  } else if constexpr (is_variant<T>::value) {
    return variant_schema(static_cast<const T*>(nullptr));
  } else {
    return object_schema<T>();
  }
}

}  // namespace understudy::testing
