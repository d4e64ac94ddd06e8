#pragma once

/// Fixed hash functions for digests and for values derived from ids (jitter,
/// simulated delays). Do not change them: their results reach the log.

#include <cstdint>
#include <string_view>

namespace understudy {

/// FNV-1a, 64 bit (Fowler, Noll, Vo), continued from `seed`.
[[nodiscard]] constexpr std::uint64_t hash_text(
    std::string_view text, std::uint64_t seed = 0xcbf29ce484222325ULL) {
  std::uint64_t hash = seed;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): spreads every
/// input bit over the whole result.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// A number in [low, high] that depends on `seed` alone.
[[nodiscard]] constexpr std::int64_t pick(std::uint64_t seed, std::int64_t low,
                                          std::int64_t high) {
  if (high <= low) return low;
  const auto width = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<std::int64_t>(mix(seed) % width);
}

}  // namespace understudy
