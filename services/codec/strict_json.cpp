#include "services/codec/strict_json.hpp"

#include <algorithm>

namespace understudy::codec {
namespace {

Error invalid(std::string message) {
  return {ErrorCode::invalid_input, std::move(message)};
}

/// `line:column` of a byte, both from 1.
std::string place_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n');
  const auto column =
      start == std::string_view::npos ? before.size() : offset - start - 1;
  return std::to_string(line) + ':' + std::to_string(column + 1);
}

/// The library says `[id] parse error at line L, column C: WHAT`, and what
/// it last read, which may be long and of any bytes.
std::string reason_of(std::string_view what) {
  const auto column = what.find("column ");
  const auto colon = what.find(": ", column);
  if (column == std::string_view::npos || colon == std::string_view::npos)
    return "no JSON";
  std::string reason(what.substr(colon + 2));
  const auto read = reason.find("; last read: ");
  const auto expected = reason.rfind("; expected ");
  if (read == std::string::npos) return reason;
  return reason.substr(0, read) +
         (expected == std::string::npos || expected < read
              ? ""
              : reason.substr(expected));
}

}  // namespace

Result<Json> parse_strict_json(std::string_view text) {
  bool too_deep = false;
  const auto bounded = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > deepest_json;
    return !too_deep;
  };
  try {
    auto json = Json::parse(text, bounded);
    if (!too_deep) return json;
    return invalid("nested too deep; accepted: up to " +
                   std::to_string(deepest_json) + " levels");
  } catch (const Json::parse_error& error) {
    // The byte is counted from 1, and is the last one that was read.
    const auto offset = std::min(text.size(), error.byte) - (error.byte != 0);
    return invalid(place_of(text, offset) + ": " + reason_of(error.what()));
  }
}

std::string described_json(const Json& value) {
  if (value.is_string()) return "a text";
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  return json_text(value);
}

void KindCheck::expect(bool fits, const Json& json, const std::string& path,
                       const std::string& accepted) {
  if (fits || error_) return;
  error_ =
      invalid((path.empty() ? "the command" : path) + ": " +
              described_json(json) + "; accepted: " + accepted +
              (json.is_null() && !path.empty() ? ", or no such field" : ""));
}

void KindCheck::check_number(const Json& json, const std::string& path,
                             std::uint64_t highest) {
  const bool fits =
      json.is_number_unsigned() && json.get<std::uint64_t>() <= highest;
  expect(fits, json, path,
         "a whole number from 0 to " + std::to_string(highest));
}

void KindCheck::refuse_unknown(std::string_view key, const std::string& path,
                               const std::string& accepted) {
  if (error_) return;
  error_ = invalid((path.empty() ? "" : path + ": ") + "unknown field " +
                   json_quoted(key) +
                   "; accepted: " + (accepted.empty() ? "none" : accepted));
}

}  // namespace understudy::codec
