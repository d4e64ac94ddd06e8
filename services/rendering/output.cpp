#include "services/rendering/output.hpp"

#include <algorithm>
#include <ostream>

#include <yaml-cpp/yaml.h>

#include "actors/ports/event_log.hpp"
#include "services/projection/position_number.hpp"

namespace understudy {
namespace {

/// Columns that a text takes: UTF-8 continuation bytes take none.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// The bytes of the UTF-8 character that `text` begins with; 0 when it is
/// a control character or none. What is not the shortest form is taken: it
/// does no harm on a terminal.
std::size_t character_at(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  if (byte(0) < 0x80) return byte(0) < 0x20 || byte(0) == 0x7f ? 0 : 1;
  std::size_t length = 0;
  if (byte(0) >= 0xc2 && byte(0) < 0xe0) length = 2;
  if (byte(0) >= 0xe0 && byte(0) < 0xf0) length = 3;
  if (byte(0) >= 0xf0 && byte(0) < 0xf5) length = 4;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // The second set of control characters, U+0080 to U+009F.
  return byte(0) == 0xc2 && byte(1) < 0xa0 ? 0 : length;
}

void emit(YAML::Emitter& yaml, const Json& json) {
  switch (json.type()) {
    case Json::value_t::object:
      if (json.empty()) yaml << YAML::Flow;
      yaml << YAML::BeginMap;
      for (const auto& [key, value] : json.items()) {
        yaml << YAML::Key << key << YAML::Value;
        emit(yaml, value);
      }
      yaml << YAML::EndMap;
      break;
    case Json::value_t::array:
      if (json.empty()) yaml << YAML::Flow;
      yaml << YAML::BeginSeq;
      for (const auto& value : json)
        emit(yaml, value);
      yaml << YAML::EndSeq;
      break;
    case Json::value_t::string:
      yaml << YAML::DoubleQuoted << json.get<std::string>();
      break;
    case Json::value_t::null:
      yaml << YAML::Null;
      break;
    default:
      yaml << json_text(json);
      break;
  }
}

}  // namespace

std::optional<Output> parse_output(std::string_view name) {
  if (name == "table") return Output::table;
  if (name == "wide") return Output::wide;
  if (name == "json") return Output::json;
  if (name == "yaml") return Output::yaml;
  if (name == "name") return Output::name;
  return std::nullopt;
}

Json envelope(std::string_view kind) {
  Json json = Json::object();
  json["apiVersion"] = "understudy/v1";
  json["kind"] = std::string(kind);
  return json;
}

void add_members(Json& into, const Json& from) {
  for (const auto& [key, value] : from.items())
    into[key] = value;
}

bool write_structured(std::ostream& out, Output output, const Json& json) {
  if (output == Output::json) {
    out << json_text(json, 2) << '\n';
    return true;
  }
  if (output != Output::yaml) return false;
  YAML::Emitter yaml;
  emit(yaml, json);
  out << yaml.c_str() << '\n';
  return true;
}

std::string visible(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_at(text);
    if (length != 0) {
      shown += text.substr(0, length);
      text.remove_prefix(length);
      continue;
    }
    const auto byte = static_cast<unsigned char>(text.front());
    shown += "\\x";
    shown += digits[byte >> 4U];
    shown += digits[byte & 15U];
    text.remove_prefix(1);
  }
  return shown;
}

void Table::add(std::vector<std::string> cells) {
  for (std::string& cell : cells)
    cell = cell.empty() ? "<none>" : visible(cell);
  rows_.push_back(std::move(cells));
}

std::vector<std::string> Table::lines() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < titles_.size(); ++i) {
    std::size_t width = width_of(titles_[i]);
    for (const auto& row : rows_)
      width = std::max(width, width_of(row[i]));
    widths.push_back(width);
  }
  const auto line_of = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += cells[i];
      if (i + 1 == cells.size()) break;
      line.append(widths[i] - width_of(cells[i]) + 2, ' ');
    }
    return line;
  };
  std::vector<std::string> all{line_of(titles_)};
  for (const auto& row : rows_)
    all.push_back(line_of(row));
  return all;
}

void Table::write(std::ostream& out, std::string_view indent) const {
  for (const std::string& line : lines()) {
    if (!out) return;
    out << indent << line << '\n';
  }
}

std::string age_text(Instant at, Instant now) {
  if (at == Instant{}) return "<none>";
  const std::int64_t s = ms_between(at, now) / 1000;
  return s <= 0 ? "0s" : duration_text(s * 1000);
}

std::string share_text(std::uint64_t ppm) {
  const std::uint64_t hundredths = (ppm + 50) / 100;
  std::string decimals = std::to_string(100 + hundredths % 100).substr(1);
  return std::to_string(hundredths / 100) + '.' + decimals + '%';
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3)
    text.insert(at - 3, ",");
  return text;
}

std::string money_text(std::int64_t micros) {
  const std::string sign = micros < 0 ? "-" : "";
  const auto cents =
      (static_cast<std::uint64_t>(micros < 0 ? -micros : micros) + 5'000) /
      10'000;
  return sign + '$' + grouped(cents / 100) + '.' +
         std::to_string(100 + cents % 100).substr(1);
}

std::string hours_text(std::int64_t ms) {
  const auto tenths = (static_cast<std::uint64_t>(ms) + 180'000) / 360'000;
  return grouped(tenths / 10) + '.' + std::to_string(tenths % 10);
}

std::string position_text(std::uint64_t position) {
  return position == 0 ? "<none>" : to_string(position_at(position));
}

std::string digest_text(std::uint64_t digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (auto it = text.rbegin(); it != text.rend(); ++it, digest >>= 4)
    *it = digits[digest & 15];
  return text;
}

void write_wrapped(std::ostream& out, std::string_view raw, std::size_t indent,
                   std::size_t width) {
  const std::string shown = visible(raw);
  std::string_view text = shown;
  const std::size_t room = width > indent ? width - indent : 1;
  bool first = true;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (width_of(text) > room) {
      end = text.rfind(' ', room);
      if (end == std::string_view::npos || end == 0) end = text.find(' ', room);
      if (end == std::string_view::npos) end = text.size();
    }
    if (!first) out << std::string(indent, ' ');
    out << text.substr(0, end) << '\n';
    text.remove_prefix(std::min(text.size(), end + 1));
    first = false;
  }
  if (first) out << '\n';
}

}  // namespace understudy
