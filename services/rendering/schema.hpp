#pragma once

/// The fields of what users write, with types, defaults, ranges and meaning:
/// as a tree, as a table, as JSON Schema 2020-12. Thread safety: functions
/// without state.

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/result.hpp"
#include "services/rendering/field_notes.hpp"
#include "services/rendering/output.hpp"

namespace understudy {

struct SchemaField {
  enum class Type : std::uint8_t {
    object,
    list,
    map,  ///< Any names; one child says what the values are.
    number,
    text,
    boolean,
    choice,
  };

  std::string name;
  std::string path;
  Type type = Type::object;
  bool required = false;
  Json fallback;                          ///< Null where there is none.
  std::uint64_t type_max = 0;             ///< Of a number.
  std::vector<std::string_view> choices;  ///< Of a choice.
  const FieldNote* note = nullptr;        ///< Null: nothing is known of it.
  std::vector<SchemaField> children;      ///< Of a list or map: one.

  [[nodiscard]] std::uint64_t low() const { return note ? note->low : 0; }
  [[nodiscard]] std::uint64_t high() const;
};

/// `endpoint`, `scenario`.
[[nodiscard]] std::span<const std::string_view> schema_names();

/// Errors: `invalid_input` for another name, with those that there are.
[[nodiscard]] Result<SchemaField> schema_of(std::string_view name);

[[nodiscard]] Json json_schema(const SchemaField& root);

/// One row for each field.
[[nodiscard]] Table schema_table(const SchemaField& root);

}  // namespace understudy
