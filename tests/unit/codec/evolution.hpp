#pragma once

/// What a schema took away or changed since another one: everything that an
/// earlier record, or a command that somebody wrote, could hold must still
/// be there, at the same place, under the same name. `flatc --conform` lets
/// some of that pass.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <flatbuffers/idl.h>
#include <flatbuffers/reflection.h>

#include "tests/unit/codec/reflected.hpp"

namespace understudy::testing {

/// A schema file as reflection sees it.
class LoadedSchema {
 public:
  explicit LoadedSchema(const std::filesystem::path& file) {
    std::ifstream stream(file);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::string folder = file.parent_path().string();
    const char* includes[] = {folder.c_str(), nullptr};
    if (!parser_.Parse(text.c_str(), includes, file.string().c_str())) {
      error_ = parser_.error_;
      return;
    }
    parser_.Serialize();
  }

  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] const reflection::Schema& get() const {
    return *reflection::GetSchema(parser_.builder_.GetBufferPointer());
  }

 private:
  flatbuffers::Parser parser_;
  std::string error_;
};

class Evolution {
 public:
  Evolution(const reflection::Schema& before, const reflection::Schema& after)
      : before_(before), after_(after) {
    for (const auto* table : *before.objects())
      compare_table(*table);
    for (const auto* values : *before.enums())
      compare_enum(*values);
    expect("schema", "file identifier", text(before.file_ident()),
           text(after.file_ident()));
    expect("schema", "root", before.root_table()->name()->str(),
           after.root_table()->name()->str());
  }

  /// One line for each.
  [[nodiscard]] const std::vector<std::string>& breaks() const {
    return breaks_;
  }

 private:
  static std::string text(const flatbuffers::String* value) {
    return value == nullptr ? "none" : value->str();
  }

  void expect(const std::string& where, const std::string& what,
              const std::string& before, const std::string& after) {
    if (before == after) return;
    breaks_.push_back(where + ": " + what + " was " + before + ", is " + after);
  }

  void compare_table(const reflection::Object& before) {
    const std::string name = before.name()->str();
    const auto* after = named(*after_.objects(), name);
    if (after == nullptr) {
      breaks_.push_back(name + ": gone");
      return;
    }
    for (const auto* field : *before.fields()) {
      const std::string where = name + "." + field->name()->str();
      const auto* now = named(*after->fields(), field->name()->string_view());
      if (now == nullptr) {
        breaks_.push_back(where + ": gone");
      } else {
        compare_field(where, *field, *now);
      }
    }
    for (const auto* field : *after->fields()) {
      if (field->required() &&
          named(*before.fields(), field->name()->string_view()) == nullptr)
        breaks_.push_back(name + "." + field->name()->str() +
                          ": new and required");
    }
  }

  void compare_field(const std::string& where, const reflection::Field& before,
                     const reflection::Field& after) {
    expect(where, "place", std::to_string(before.id()),
           std::to_string(after.id()));
    expect(where, "type", type_of(before_, *before.type()),
           type_of(after_, *after.type()));
    expect(where, "default", std::to_string(before.default_integer()),
           std::to_string(after.default_integer()));
    expect(where, "optional", std::to_string(before.optional()),
           std::to_string(after.optional()));
    expect(where, "required", std::to_string(before.required()),
           std::to_string(after.required()));
    expect(where, "deprecated", std::to_string(before.deprecated()),
           std::to_string(after.deprecated()));
  }

  static std::string type_of(const reflection::Schema& schema,
                             const reflection::Type& type) {
    std::string name = reflection::EnumNameBaseType(type.base_type());
    if (type.base_type() == reflection::Vector)
      name +=
          std::string(" of ") + reflection::EnumNameBaseType(type.element());
    if (type.index() < 0) return name;
    const auto index = static_cast<flatbuffers::uoffset_t>(type.index());
    const bool table = type.base_type() == reflection::Obj ||
                       type.element() == reflection::Obj;
    return name + ' ' +
           (table ? schema.objects()->Get(index)->name()->str()
                  : schema.enums()->Get(index)->name()->str());
  }

  void compare_enum(const reflection::Enum& before) {
    const std::string name = before.name()->str();
    const auto* after = named(*after_.enums(), name);
    if (after == nullptr) {
      breaks_.push_back(name + ": gone");
      return;
    }
    for (const auto* value : *before.values()) {
      const auto* now = find(*after, value->value());
      expect(name, "value " + std::to_string(value->value()),
             value->name()->str(), now == nullptr ? "gone" : text(now->name()));
    }
  }

  static const reflection::EnumVal* find(const reflection::Enum& values,
                                         std::int64_t number) {
    for (const auto* value : *values.values()) {
      if (value->value() == number) return value;
    }
    return nullptr;
  }

  const reflection::Schema& before_;
  const reflection::Schema& after_;
  std::vector<std::string> breaks_;
};

}  // namespace understudy::testing
