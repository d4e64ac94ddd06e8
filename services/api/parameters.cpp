#include "services/api/parameters.hpp"

#include <algorithm>

#include "services/rendering/positions.hpp"
#include "services/text/instant_text.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {

std::optional<std::uint64_t> parse_offset(std::string_view text) {
  return parse_place(text);
}

void Parameters::refuse(std::string_view name, const std::string& value,
                        std::string_view accepted) {
  if (!wrong_) wrong_ = wrong_parameter(name, value, accepted);
}

bool Parameters::flag(std::string_view name, bool bare) {
  const std::string* value = call_.parameter(name);
  if (!value || *value == "false") return false;
  if (*value != "true" && !(bare && value->empty()))
    refuse(name, *value, "true, false");
  return true;
}

std::string Parameters::text(std::string_view name) const {
  const std::string* value = call_.parameter(name);
  return value ? *value : std::string();
}

std::uint64_t Parameters::number(std::string_view name, std::uint64_t least,
                                 std::uint64_t most, std::uint64_t otherwise) {
  const std::string* value = call_.parameter(name);
  if (!value) return otherwise;
  const auto number = parse_number(*value, most);
  if (number && *number >= least) return *number;
  refuse(name, *value, std::to_string(least) + " to " + std::to_string(most));
  return otherwise;
}

std::optional<std::uint64_t> Parameters::position(std::string_view name) {
  const std::string* value = call_.parameter(name);
  if (!value) return std::nullopt;
  const auto position = parse_offset(*value);
  if (!position) refuse(name, *value, offset_form);
  return position;
}

std::optional<Instant> Parameters::time(std::string_view name) {
  const std::string* value = call_.parameter(name);
  if (!value) return std::nullopt;
  const auto time = parse_instant(*value);
  if (!time) refuse(name, *value, instant_form);
  return time;
}

std::optional<ReplayUntil> Parameters::until(std::string_view name) {
  const std::string* value = call_.parameter(name);
  if (!value) return std::nullopt;
  const auto until = parse_until(name, *value);
  if (until && !value->empty()) return until.value();
  refuse(name, *value,
         "a position such as 0:1234, or " + std::string(instant_form));
  return std::nullopt;
}

Output Parameters::output(std::initializer_list<std::string_view> accepted) {
  const std::string* value = call_.parameter("output");
  if (!value) return Output::json;
  const auto output = parse_output(*value);
  if (output &&
      std::find(accepted.begin(), accepted.end(), *value) != accepted.end())
    return *output;
  std::string names;
  for (const std::string_view one : accepted)
    names += (names.empty() ? "" : ", ") + std::string(one);
  refuse("output", *value, names);
  return Output::json;
}

}  // namespace understudy
