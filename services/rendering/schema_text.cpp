#include <string>

#include "services/rendering/schema.hpp"

namespace understudy {
namespace {

using Type = SchemaField::Type;

std::string type_text(const SchemaField& field) {
  switch (field.type) {
    case Type::object:
      return "object";
    case Type::list:
      return "list of " + type_text(field.children.front());
    case Type::map:
      return "map to " + type_text(field.children.front());
    case Type::number:
      return "number";
    case Type::boolean:
      return "boolean";
    case Type::text:
    case Type::choice:
      break;
  }
  return "text";
}

std::string range_text(const SchemaField& field) {
  const std::uint64_t high = field.high();
  if (high == FieldNote::unbounded) {
    return field.low() == 0 ? "" : std::to_string(field.low()) + " or more";
  }
  return std::to_string(field.low()) + " to " + std::to_string(high);
}

std::string accepted_text(const SchemaField& field) {
  std::string text;
  switch (field.type) {
    case Type::number:
      return range_text(field);
    case Type::list:
      text = range_text(field);
      return text.empty() ? text : text + " entries";
    case Type::choice:
      for (const std::string_view one : field.choices) {
        text += text.empty() ? "" : ", ";
        text += one;
      }
      return text;
    case Type::text:
      break;
    default:
      return text;
  }
  switch (field.note == nullptr ? TextRule::any : field.note->rule) {
    case TextRule::name:
      return "1 to 63 letters, digits, inner hyphens";
    case TextRule::pool_name:
      return "1 to 63 letters, digits, inner - . _";
    case TextRule::text:
      return "up to 1024 bytes";
    case TextRule::variable:
      return "1 to 256 letters, digits, _, no digit first";
    case TextRule::value:
      return "up to 4096 bytes";
    case TextRule::path:
      return "/ and up to 255 printable characters";
    case TextRule::any:
      break;
  }
  return text;
}

std::string default_text(const SchemaField& field) {
  if (field.required) return "required";
  if (field.type == Type::text && field.fallback == "") return "empty";
  if (field.fallback.is_null()) return {};
  return field.fallback.is_string() ? field.fallback.get<std::string>()
                                    : json_text(field.fallback);
}

void add_rows(Table& table, const SchemaField& field) {
  for (const SchemaField& one : field.children) {
    const bool entry = one.name.empty();
    // The entries of a list of objects are described by their own fields.
    if (!entry || one.type != Type::object) {
      table.add({one.path, type_text(one), entry ? "" : default_text(one),
                 accepted_text(one),
                 one.note == nullptr ? "" : std::string(one.note->meaning)});
    }
    add_rows(table, one);
  }
}

void bound(Json& json, const char* low, const char* high,
           const SchemaField& field) {
  if (field.low() != 0 || field.type == Type::number) json[low] = field.low();
  if (field.high() != FieldNote::unbounded) json[high] = field.high();
}

void add_text_rule(Json& json, TextRule rule) {
  // A default that is filled in stands for an empty pool name.
  if (rule == TextRule::name) {
    json["pattern"] = "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$";
  } else if (rule == TextRule::pool_name) {
    json["pattern"] = "^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$";
  } else if (rule == TextRule::text) {
    json["maxLength"] = 1'024;
  } else if (rule == TextRule::variable) {
    json["pattern"] = "^(?!UNDERSTUDY_)[A-Za-z_][A-Za-z0-9_]{0,255}$";
  } else if (rule == TextRule::value) {
    json["maxLength"] = 4'096;
  } else if (rule == TextRule::path) {
    json["pattern"] = "^(/[!$-&(->@-\\[\\]-_a-~]{0,255})?$";
  }
}

Json schema_json(const SchemaField& field);

void add_properties(Json& json, const SchemaField& field) {
  json["type"] = "object";
  json["properties"] = Json::object();
  Json required = Json::array();
  for (const SchemaField& one : field.children) {
    json["properties"][one.name] = schema_json(one);
    if (one.required) required.push_back(one.name);
  }
  if (!required.empty()) json["required"] = std::move(required);
  json["additionalProperties"] = false;
}

Json schema_json(const SchemaField& field) {
  Json json = Json::object();
  if (field.note != nullptr) {
    json["description"] = std::string(field.note->meaning);
  }
  switch (field.type) {
    case Type::object:
      add_properties(json, field);
      return json;
    case Type::list:
      json["type"] = "array";
      bound(json, "minItems", "maxItems", field);
      json["items"] = schema_json(field.children.front());
      return json;
    case Type::map:
      json["type"] = "object";
      json["additionalProperties"] = schema_json(field.children.front());
      return json;
    case Type::number:
      json["type"] = "integer";
      bound(json, "minimum", "maximum", field);
      break;
    case Type::boolean:
      json["type"] = "boolean";
      break;
    case Type::text:
      json["type"] = "string";
      add_text_rule(json,
                    field.note == nullptr ? TextRule::any : field.note->rule);
      break;
    case Type::choice:
      json["enum"] = Json::array();
      for (const std::string_view one : field.choices)
        json["enum"].push_back(std::string(one));
      break;
  }
  if (!field.required && !field.name.empty()) json["default"] = field.fallback;
  return json;
}

}  // namespace

Json json_schema(const SchemaField& root) {
  Json json = Json::object();
  json["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  json["title"] = root.name;
  add_members(json, schema_json(root));
  return json;
}

Table schema_table(const SchemaField& root) {
  Table table({"FIELD", "TYPE", "DEFAULT", "ACCEPTED", "MEANING"});
  add_rows(table, root);
  return table;
}

}  // namespace understudy
