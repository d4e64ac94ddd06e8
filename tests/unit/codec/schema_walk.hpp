#pragma once

/// Compares described types with a FlatBuffers schema: names, order, types,
/// names of enum values, members of unions. Each difference is one line.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <flatbuffers/reflection.h>

#include "services/codec/layout.hpp"
#include "services/codec/tags.hpp"

namespace understudy::testing {

/// What a schema says in place of the codec's own choice.
enum class Dialect : std::uint8_t {
  stored,   ///< As the codec stores it.
  written,  ///< As people write it in JSON: enums by name, all optional.
};

/// The name of a type without its namespace.
template <class T>
std::string type_name() {
  std::string text = __PRETTY_FUNCTION__;  // ... [with T = a::b::Name; ...]
  const auto start = text.find("T = ") + 4;
  text = text.substr(start, text.find_first_of(";]", start) - start);
  return text.substr(text.rfind(':') + 1);
}

/// `return-to-preferred` and `delete_` as a schema spells them.
inline std::string schema_name(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  if (text.ends_with('_')) text.pop_back();
  return text;
}

class SchemaWalk {
 public:
  SchemaWalk(const reflection::Schema& schema, Dialect dialect)
      : schema_(schema), dialect_(dialect) {}

  [[nodiscard]] const std::vector<std::string>& differences() const {
    return differences_;
  }
  [[nodiscard]] const std::set<std::string>& seen() const { return seen_; }

  template <class T>
  void compare_table(const reflection::Object& table) {
    const std::string name = table.name()->str();
    if (!seen_.insert(name).second) return;
    expect(name, "name", name.substr(name.rfind('.') + 1), type_name<T>());
    const auto fields = by_id(table);
    std::size_t at = 0;
    std::apply(
        [&](const auto&... field) {
          (compare_field(name, fields, at, field), ...);
        },
        T::fields());
    expect(name, "number of fields", std::to_string(fields.size()),
           std::to_string(at));
  }

  /// The members of a union, in the order of the tags.
  template <class Variant>
  void compare_union(const reflection::Enum& stored) {
    using List = typename codec::TagsOf<Variant>::List;
    const std::string name = stored.name()->str();
    if (!seen_.insert(name).second) return;
    expect(name, "members", std::to_string(stored.values()->size() - 1),
           std::to_string(List::size));
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      (compare_member<typename List::template At<i>>(stored, i + 1), ...);
    }
    (std::make_index_sequence<List::size>{});
  }

 private:
  using Fields = std::vector<const reflection::Field*>;

  static Fields by_id(const reflection::Object& table) {
    Fields fields(table.fields()->begin(), table.fields()->end());
    std::sort(fields.begin(), fields.end(),
              [](auto* a, auto* b) { return a->id() < b->id(); });
    return fields;
  }

  void expect(const std::string& where, std::string_view what,
              const std::string& schema, const std::string& header) {
    if (schema == header) return;
    differences_.push_back(where + ": " + std::string(what) + " " + schema +
                           " in the schema, " + header + " in the header");
  }

  static std::string base(reflection::BaseType type) {
    return reflection::EnumNameBaseType(type);
  }

  template <class Owner, class T>
  void compare_field(const std::string& table, const Fields& fields,
                     std::size_t& at, const Field<Owner, T>& field) {
    const std::size_t place = at;
    at += codec::StoredUnion<T> ? 2 : 1;
    const std::string where = table + "." + std::string(field.name);
    if (at > fields.size()) {
      differences_.push_back(where + ": not in the schema");
      return;
    }
    const auto& stored = *fields[at - 1];
    expect(where, "name", stored.name()->str(), schema_name(field.name));
    if (stored.default_integer() != 0 || stored.default_real() != 0)
      differences_.push_back(where + ": has a default in the schema");
    if (stored.deprecated() || stored.required())
      differences_.push_back(where + ": deprecated or required");
    if constexpr (codec::StoredUnion<T>) {
      expect(where, "tag", fields[place]->name()->str(),
             schema_name(field.name) + "_type");
      compare_union<T>(*schema_.enums()->Get(
          static_cast<flatbuffers::uoffset_t>(stored.type()->index())));
    } else {
      compare_type<T>(where, stored);
    }
  }

  template <class T>
  void compare_type(const std::string& where, const reflection::Field& stored) {
    const auto& type = *stored.type();
    if constexpr (codec::StoredOptional<T>) {
      using Held = typename T::value_type;
      if constexpr (codec::StoredScalar<Held>)
        expect(where, "optional", yes(stored.optional()), yes(true));
      compare_held<Held>(where, type.base_type(), type.index());
    } else if constexpr (codec::StoredList<T>) {
      expect(where, "type", base(type.base_type()), "Vector");
      compare_element<T>(where, type);
    } else {
      const bool scalar =
          codec::StoredScalar<T> && type.base_type() != reflection::String;
      expect(where, "optional", yes(scalar && stored.optional()),
             yes(scalar && dialect_ == Dialect::written));
      compare_held<T>(where, type.base_type(), type.index());
    }
  }

  static std::string yes(bool value) { return value ? "yes" : "no"; }

  template <class List>
  void compare_element(const std::string& where, const reflection::Type& type) {
    if constexpr (codec::StoredMap<List>) {
      const auto entry = by_id(*object(type.index()));
      if (entry.size() != 2) {
        differences_.push_back(where + ": not entries of key and value");
        return;
      }
      expect(where, "first of an entry", entry[0]->name()->str(), "key");
      expect(where, "second of an entry", entry[1]->name()->str(), "value");
      compare_type<typename List::key_type>(where + ".key", *entry[0]);
      compare_type<typename List::mapped_type>(where + ".value", *entry[1]);
    } else {
      compare_held<typename List::value_type>(where + "[]", type.element(),
                                              type.index());
    }
  }

  template <class T>
  void compare_held(const std::string& where, reflection::BaseType found,
                    int index) {
    if constexpr (DescribedEnum<T>) {
      compare_enum<T>(where, found, index);
    } else if constexpr (codec::StoredScalar<T>) {
      expect(where, "type", base(found), base(base_of<T>()));
    } else if constexpr (codec::StoredText<T>) {
      expect(where, "type", base(found), "String");
    } else if (found != reflection::Obj) {
      expect(where, "type", base(found), "Obj");
    } else {
      compare_table<T>(*object(index));
    }
  }

  template <class T>
  void compare_enum(const std::string& where, reflection::BaseType found,
                    int index) {
    if (dialect_ == Dialect::written) {
      expect(where, "type", base(found), "String");
      return;
    }
    expect(where, "type", base(found), "UByte");
    if (index < 0) {
      differences_.push_back(where + ": not an enum in the schema");
      return;
    }
    const auto& stored =
        *schema_.enums()->Get(static_cast<flatbuffers::uoffset_t>(index));
    const std::string name = stored.name()->str();
    seen_.insert(name);
    expect(where, "enum", name.substr(name.rfind('.') + 1), type_name<T>());
    constexpr auto names = names_of(T{});
    expect(name, "values", std::to_string(stored.values()->size()),
           std::to_string(names.size()));
    for (std::size_t i = 0; i < names.size(); ++i)
      expect(name, "value", value_name(stored, i), schema_name(names[i]));
  }

  static std::string value_name(const reflection::Enum& stored,
                                std::size_t value) {
    for (const auto* candidate : *stored.values()) {
      if (candidate->value() == static_cast<std::int64_t>(value))
        return candidate->name()->str();
    }
    return "nothing";
  }

  template <class T>
  void compare_member(const reflection::Enum& stored, std::size_t tag) {
    for (const auto* member : *stored.values()) {
      if (member->value() == static_cast<std::int64_t>(tag)) {
        compare_table<T>(*object(member->union_type()->index()));
        return;
      }
    }
    differences_.push_back(stored.name()->str() + ": tag " +
                           std::to_string(tag) + " is missing");
  }

  [[nodiscard]] const reflection::Object* object(int index) const {
    return schema_.objects()->Get(static_cast<flatbuffers::uoffset_t>(index));
  }

  template <class T>
  static constexpr reflection::BaseType base_of() {
    if constexpr (std::is_same_v<T, bool>) {
      return reflection::Bool;
    } else {
      using Stored = codec::Wire<T>;
      constexpr bool negative = std::is_signed_v<Stored>;
      switch (sizeof(Stored)) {
        case 1:
          return negative ? reflection::Byte : reflection::UByte;
        case 2:
          return negative ? reflection::Short : reflection::UShort;
        case 4:
          return negative ? reflection::Int : reflection::UInt;
        default:
          return negative ? reflection::Long : reflection::ULong;
      }
    }
  }

  const reflection::Schema& schema_;
  Dialect dialect_;
  std::vector<std::string> differences_;
  std::set<std::string> seen_;
};

}  // namespace understudy::testing
