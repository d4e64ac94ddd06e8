#include "services/codec/strict_json.hpp"

#include <algorithm>
#include <utility>
#include <vector>

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

/// Sees each part of a text while it is read. What the library would accept
/// in silence ends the reading: deep nesting, and a field that is set twice.
class Watch {
 public:
  bool see(int depth, Json::parse_event_t event, const Json& part) {
    if (depth > deepest_json) {
      refuse("nested too deep; accepted: up to " +
             std::to_string(deepest_json) + " levels");
    } else if (event == Json::parse_event_t::object_start) {
      fields(depth + 1).clear();
    } else if (event == Json::parse_event_t::key) {
      add(fields(depth), part.get_ref<const std::string&>());
    }
    return !error_;
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  using Fields = std::vector<std::string>;

  Fields& fields(int depth) {
    const auto at = static_cast<std::size_t>(depth);
    if (fields_.size() <= at) fields_.resize(at + 1);
    return fields_[at];
  }

  void add(Fields& known, const std::string& field) {
    if (std::find(known.begin(), known.end(), field) != known.end())
      refuse("field " + json_quoted(field) + " is set more than once");
    known.push_back(field);
  }

  void refuse(std::string message) {
    if (!error_) error_ = invalid(std::move(message));
  }

  std::vector<Fields> fields_;  ///< Of the objects that are open, by depth.
  std::optional<Error> error_;
};

}  // namespace

Result<Json> parse_strict_json(std::string_view text) {
  Watch watch;
  const auto see = [&](int depth, Json::parse_event_t event, Json& part) {
    return watch.see(depth, event, part);
  };
  try {
    auto json = Json::parse(text, see);
    if (watch.error()) return *watch.error();
    return json;
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
