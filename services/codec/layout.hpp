#pragma once

/// How the types of the domain lie in a FlatBuffers table.
///
/// Field i of a described struct is slot i of its table; a variant takes two
/// slots, its tag and its value. Scalars are stored as they are, enums as
/// one byte, identifiers and instants as their integer. Strings, vectors,
/// sets, maps (vectors of key and value) and structs are offsets. Whatever
/// is zero or empty is not stored, and what is not stored is zero or empty,
/// whatever the struct's own defaults say: defaults may change, records not.

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "actors/core/describe.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"

namespace understudy::codec {

template <class T>
concept StoredScalar = std::is_integral_v<T> || std::is_enum_v<T> ||
    StrongId<T> || std::is_same_v<T, Instant>;

template <class T>
concept StoredText =
    std::is_same_v<T, std::string> || std::is_same_v<T, StreamId>;

template <class T>
concept StoredOptional = is_optional<T>::value;

template <class T>
concept StoredUnion = is_variant<T>::value;

template <class T>
concept StoredMap = is_map<T>::value;

template <class T>
concept StoredList = is_vector<T>::value || is_set<T>::value || StoredMap<T>;

/// True when the slot holds the value itself, not an offset to it.
template <class T>
constexpr bool stored_inline = StoredScalar<T>;
template <StoredOptional T>
constexpr bool stored_inline<T> = StoredScalar<typename T::value_type>;

/// The integer that is stored for a scalar.
template <StoredScalar T>
[[nodiscard]] constexpr auto to_wire(T value) {
  if constexpr (std::is_same_v<T, bool>) {
    return static_cast<std::uint8_t>(value ? 1 : 0);
  } else if constexpr (std::is_enum_v<T>) {
    static_assert(sizeof(T) == 1 && DescribedEnum<T>);
    return static_cast<std::uint8_t>(value);
  } else if constexpr (std::is_integral_v<T>) {
    return value;
  } else if constexpr (std::is_same_v<T, Instant>) {
    return value.us;
  } else {
    return value.value;
  }
}

template <StoredScalar T>
using Wire = decltype(to_wire(T{}));

/// Undoes `to_wire`; an enum's range must have been checked.
template <StoredScalar T>
[[nodiscard]] constexpr T from_wire(Wire<T> stored) {
  if constexpr (std::is_same_v<T, bool>) {
    return stored != 0;
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    return static_cast<T>(stored);
  } else {
    return T{stored};
  }
}

template <class T>
[[nodiscard]] auto& text_of(T& value) {
  static_assert(StoredText<std::remove_const_t<T>>);
  if constexpr (std::is_same_v<std::remove_const_t<T>, StreamId>) {
    return value.text;
  } else {
    return value;
  }
}

/// Where field i is found: FlatBuffers counts vtable entries of two bytes
/// after the two that hold sizes.
template <class... Fields>
[[nodiscard]] constexpr std::array<std::uint16_t, sizeof...(Fields)> slots() {
  std::array<std::uint16_t, sizeof...(Fields)> places{};
  constexpr std::array<std::uint16_t, sizeof...(Fields)> widths = {
      (StoredUnion<Fields> ? 2 : 1)...};
  std::uint16_t next = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i] = static_cast<std::uint16_t>(4 + 2 * next);
    next = static_cast<std::uint16_t>(next + widths[i]);
  }
  return places;
}

}  // namespace understudy::codec
