#pragma once

/// What each field of an endpoint and of a scenario means and accepts: the
/// one table that `schema` prints. A test holds it against the fields that
/// there are and against the rules that are applied.

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace understudy {

enum class TextRule : std::uint8_t {
  any,
  name,
  pool_name,
  text,
  variable,  ///< Of an environment.
  value,     ///< Of a variable.
  path,
};

/// Of a number its range, of a list how many entries it may have. A field
/// without bounds takes whatever its type takes.
struct FieldNote {
  static constexpr std::uint64_t unbounded =
      std::numeric_limits<std::uint64_t>::max();

  std::string_view path;  ///< `variants[].pools[].zones`; `[]` one entry.
  std::string_view meaning;
  std::uint64_t low = 0;
  std::uint64_t high = unbounded;
  TextRule rule = TextRule::any;
};

/// By paths of an EndpointSpec.
[[nodiscard]] std::span<const FieldNote> endpoint_notes();

/// By paths of a Scenario, without those below `endpoint`.
[[nodiscard]] std::span<const FieldNote> scenario_notes();

}  // namespace understudy
