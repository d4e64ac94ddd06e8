#pragma once

/// A number for how a type is stored: it changes when a field is added,
/// removed, renamed, moved or typed anew, here or in anything held.

#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "actors/core/hash.hpp"
#include "services/codec/layout.hpp"

namespace understudy::codec {

template <class T>
constexpr std::uint64_t layout_fingerprint(std::uint64_t seed = 0);

namespace detail {

template <class Variant, std::size_t... i>
constexpr std::uint64_t fingerprint_of(std::uint64_t hash,
                                       std::index_sequence<i...>) {
  ((hash = layout_fingerprint<std::variant_alternative_t<i, Variant>>(
        mix(hash + i))),
   ...);
  return hash;
}

template <class... Owner, class... Member>
constexpr std::uint64_t fingerprint_of(
    std::uint64_t hash, const std::tuple<Field<Owner, Member>...>& fields) {
  std::apply(
      [&](const auto&... field) {
        ((hash = layout_fingerprint<Member>(mix(hash_text(field.name, hash)))),
         ...);
      },
      fields);
  return hash;
}

}  // namespace detail

template <class T>
constexpr std::uint64_t layout_fingerprint(std::uint64_t seed) {
  if constexpr (std::is_enum_v<T>) {
    std::uint64_t hash = hash_text("enum", seed);
    for (const auto name : names_of(T{}))
      hash = mix(hash_text(name, hash));
    return hash;
  } else if constexpr (StoredScalar<T>) {
    const bool negative = std::is_signed_v<Wire<T>>;
    return mix(hash_text(negative ? "signed" : "unsigned", seed) + sizeof(T));
  } else if constexpr (StoredText<T>) {
    return hash_text("text", seed);
  } else if constexpr (StoredMap<T>) {
    return layout_fingerprint<typename T::mapped_type>(
        layout_fingerprint<typename T::key_type>(hash_text("map", seed)));
  } else if constexpr (StoredList<T> || StoredOptional<T>) {
    return layout_fingerprint<typename T::value_type>(
        hash_text(StoredList<T> ? "list" : "optional", seed));
  } else if constexpr (StoredUnion<T>) {
    return detail::fingerprint_of<T>(
        hash_text("union", seed),
        std::make_index_sequence<std::variant_size_v<T>>{});
  } else {
    return mix(detail::fingerprint_of(hash_text("struct", seed), T::fields()));
  }
}

}  // namespace understudy::codec
