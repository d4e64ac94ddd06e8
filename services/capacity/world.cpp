#include "services/capacity/world.hpp"

#include "actors/core/hash.hpp"

namespace understudy {
namespace {

std::uint64_t seed_of(std::uint64_t seed, std::string_view what,
                      std::string_view id) {
  return hash_text(id, mix(hash_text(what, mix(seed))));
}

}  // namespace

std::int64_t draw_us(const DelayRange& range, std::uint64_t seed,
                     std::string_view what, std::string_view id) {
  return pick(seed_of(seed, what, id), std::int64_t{range.min_ms} * 1000,
              std::int64_t{range.max_ms} * 1000);
}

Instant draw_after(Instant since, const DelayRange& range, std::uint64_t seed,
                   std::string_view what, std::string_view id) {
  return {since.us + draw_us(range, seed, what, id)};
}

bool draw_chance(std::uint32_t milli, std::uint64_t seed, std::string_view what,
                 std::string_view id) {
  return pick(seed_of(seed, what, id), 0, 999) < std::int64_t{milli};
}

}  // namespace understudy
