#pragma once

/// Enums and names of fields as people write them in commands.

#include <optional>
#include <string>
#include <string_view>

#include "actors/core/describe.hpp"
#include "actors/core/result.hpp"
#include "services/codec/json.hpp"

namespace understudy::codec {

/// `delete_` stands for a word that C++ keeps for itself.
[[nodiscard]] constexpr std::string_view written_name(std::string_view field) {
  if (field.ends_with('_')) field.remove_suffix(1);
  return field;
}

/// Errors: `invalid_input`, with the values that would be accepted.
template <DescribedEnum T>
[[nodiscard]] std::optional<Error> read_enum(const std::string& text,
                                             const std::string& path, T& out) {
  if (const auto value = parse_enum<T>(text)) {
    out = *value;
    return std::nullopt;
  }
  std::string accepted;
  for (const auto name : names_of(T{}))
    accepted += (accepted.empty() ? "" : ", ") + std::string(name);
  return Error{ErrorCode::invalid_input,
               path + ": " + json_quoted(text) + "; accepted: " + accepted};
}

}  // namespace understudy::codec
