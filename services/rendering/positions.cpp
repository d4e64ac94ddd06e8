#include "services/rendering/positions.hpp"

#include "services/projection/position_number.hpp"
#include "services/text/instant_text.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {

std::optional<std::uint64_t> parse_place(std::string_view text) {
  constexpr std::size_t longest = 5;  // digits of a partition
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon > longest) return std::nullopt;
  const auto partition = parse_number(text.substr(0, colon), UINT16_MAX);
  const auto sequence = parse_number(text.substr(colon + 1), last_sequence);
  if (!partition || !sequence) return std::nullopt;
  return position_number(static_cast<std::uint32_t>(*partition), *sequence);
}

std::optional<std::uint64_t> parse_position(std::string_view text) {
  const auto place = parse_place(text);
  if (!place || position_at(*place).offset == 0) return std::nullopt;
  return place;
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
