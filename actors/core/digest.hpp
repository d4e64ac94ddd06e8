#pragma once

/// A 64-bit digest of any described value: equal values, equal digests, on
/// every machine and build. Not a defence against forgery.

#include <cstdint>
#include <string>

#include "actors/core/describe.hpp"
#include "actors/core/hash.hpp"
#include "actors/core/instant.hpp"

namespace understudy {

template <class T>
[[nodiscard]] std::uint64_t digest(const T& value,
                                   std::uint64_t seed = hash_text("")) {
  if constexpr (std::is_same_v<T, std::string>) {
    return mix(hash_text(value, seed) ^ value.size());
  } else if constexpr (std::is_same_v<T, Instant>) {
    return mix(seed ^ static_cast<std::uint64_t>(value.us));
  } else if constexpr (StrongId<T>) {
    return mix(seed ^ static_cast<std::uint64_t>(value.value));
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    return mix(seed ^ static_cast<std::uint64_t>(value));
  } else if constexpr (is_optional<T>::value) {
    return value ? digest(*value, mix(seed ^ 1)) : mix(seed);
  } else if constexpr (is_variant<T>::value) {
    return std::visit(
        [&](const auto& v) { return digest(v, mix(seed ^ value.index())); },
        value);
  } else if constexpr (is_map<T>::value) {
    std::uint64_t hash = mix(seed ^ value.size());
    for (const auto& [k, v] : value)
      hash = digest(v, digest(k, hash));
    return hash;
  } else if constexpr (is_vector<T>::value || is_set<T>::value) {
    std::uint64_t hash = mix(seed ^ value.size());
    for (const auto& v : value)
      hash = digest(v, hash);
    return hash;
  } else {
    std::uint64_t hash = seed;
    for_each_field(value, [&](std::string_view, const auto& member) {
      hash = digest(member, hash);
    });
    return hash;
  }
}

}  // namespace understudy
