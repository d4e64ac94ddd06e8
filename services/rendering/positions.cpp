#include "services/rendering/positions.hpp"

#include "services/text/instant_text.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {

std::optional<std::uint64_t> parse_position(std::string_view text) {
  if (!text.starts_with("0:")) return std::nullopt;
  text.remove_prefix(2);
  const auto number = parse_number(text, UINT64_MAX - 1);
  if (!number || *number == 0) return std::nullopt;
  return number;
}

Result<ReplayUntil> parse_until(std::string_view option,
                                const std::string& text) {
  ReplayUntil until;
  if (text.empty()) return until;
  if (const auto position = parse_position(text)) {
    until.sequence = *position;
    return until;
  }
  if (const auto time = parse_instant(text)) {
    until.time = *time;
    return until;
  }
  return Error{ErrorCode::invalid_input,
               std::string(option) + ' ' + in_quotes(text) +
                   " is neither a position nor a time; accepted: 0:1234 or " +
                   std::string(instant_form)};
}

bool is_beyond(ReplayUntil until, std::uint64_t position, Instant time) {
  return (until.sequence != UINT64_MAX && until.sequence > position) ||
         (until.time != Instant::never() && until.time > time);
}

}  // namespace understudy
