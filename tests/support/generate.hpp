#pragma once

/// RapidCheck generators for any described value, made from its `fields()`:
/// `*understudy::testing::any<endpoint::Event>()`.
///
/// Numbers, texts and sizes grow with RapidCheck's size and shrink with it;
/// enums are in range. Nothing else is promised: names may be invalid, maps
/// empty, counts absurd.

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include <rapidcheck.h>

#include "actors/core/describe.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"

namespace understudy::testing {

template <class T>
rc::Gen<T> any();

namespace detail {

template <class T>
T fill_container() {
  T value;
  if constexpr (is_map<T>::value) {
    using Entry = std::pair<typename T::key_type, typename T::mapped_type>;
    const auto size = *rc::gen::inRange<std::size_t>(0, 4);
    for (std::size_t i = 0; i < size; ++i) {
      auto key = *any<typename Entry::first_type>();
      value.emplace(std::move(key), *any<typename Entry::second_type>());
    }
  } else {
    const auto size = *rc::gen::inRange<std::size_t>(0, 4);
    for (std::size_t i = 0; i < size; ++i)
      value.insert(value.end(), *any<typename T::value_type>());
  }
  return value;
}

template <class T, std::size_t... i>
T fill_variant(std::index_sequence<i...>) {
  T value;
  const auto index = *rc::gen::inRange<std::size_t>(0, sizeof...(i));
  (static_cast<void>(i == index &&
                     (value = *any<std::variant_alternative_t<i, T>>(), true)),
   ...);
  return value;
}

template <class T>
T fill() {
  if constexpr (std::is_same_v<T, Instant>) {
    return {*rc::gen::arbitrary<std::int64_t>()};
  } else if constexpr (std::is_same_v<T, StreamId>) {
    return {*rc::gen::arbitrary<std::string>()};
  } else if constexpr (StrongId<T>) {
    return {*rc::gen::arbitrary<decltype(T::value)>()};
  } else if constexpr (std::is_enum_v<T>) {
    const auto last = static_cast<int>(names_of(T{}).size());
    return static_cast<T>(*rc::gen::inRange(0, last));
  } else if constexpr (is_optional<T>::value) {
    if (!*rc::gen::arbitrary<bool>()) return std::nullopt;
    return *any<typename T::value_type>();
  } else if constexpr (is_vector<T>::value || is_set<T>::value ||
                       is_map<T>::value) {
    return fill_container<T>();
  } else if constexpr (is_variant<T>::value) {
    return fill_variant<T>(std::make_index_sequence<std::variant_size_v<T>>{});
  } else {
    T value;
    for_each_field(value, [](std::string_view, auto& member) {
      member = *any<std::remove_reference_t<decltype(member)>>();
    });
    return value;
  }
}

}  // namespace detail

/// Any value of a described struct, of a variant of them, or of anything
/// that a field of one may be.
template <class T>
rc::Gen<T> any() {
  if constexpr (std::is_integral_v<T> || std::is_same_v<T, std::string>) {
    return rc::gen::arbitrary<T>();
  } else {
    return rc::gen::exec(&detail::fill<T>);
  }
}

}  // namespace understudy::testing
