#include "services/rendering/log_place.hpp"

#include <algorithm>

#include "services/projection/position_number.hpp"
#include "services/rendering/positions.hpp"

namespace understudy {

std::string to_string(const LogPlace& place) {
  std::string text;
  std::uint32_t partition = 0;
  for (const std::uint64_t next : place.next) {
    if (!text.empty()) text += ',';
    text += to_string(Position{partition++, next - 1});
  }
  return text;
}

std::optional<LogPlace> parse_log_place(std::string_view text,
                                        std::size_t partitions) {
  LogPlace place{std::vector<std::uint64_t>(partitions, 0)};
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto number = parse_place(text.substr(0, comma));
    if (!number) return std::nullopt;
    const Position last = position_at(*number);
    if (last.partition >= partitions || place.next[last.partition] != 0)
      return std::nullopt;
    place.next[last.partition] = last.offset + 1;
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
    if (text.empty()) return std::nullopt;
  }
  const auto missing = std::find(place.next.begin(), place.next.end(), 0U);
  if (missing != place.next.end()) return std::nullopt;
  return place;
}

}  // namespace understudy
