#include "services/cli/duration.hpp"

#include <array>
#include <utility>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t year_ms = 366ULL * 86'400'000;

/// Longer names first: `ms` is no `m`.
constexpr std::array<std::pair<std::string_view, std::uint64_t>, 5> units{
    {{"ms", 1},
     {"d", 86'400'000},
     {"h", 3'600'000},
     {"m", 60'000},
     {"s", 1'000}}};

}  // namespace

Result<milliseconds> parse_duration(std::string_view option,
                                    const std::string& text) {
  const Error wrong{ErrorCode::invalid_input,
                    std::string(option) + ' ' + in_quotes(text) +
                        " is no span of time; accepted: such as 30s, 10m, "
                        "1h30m, up to 366d"};
  std::string_view rest = text;
  std::uint64_t total_ms = 0;
  do {
    const auto digits = rest.find_first_not_of("0123456789");
    if (digits == std::string_view::npos) return wrong;
    const auto number = parse_number(rest.substr(0, digits), year_ms);
    if (!number) return wrong;
    rest.remove_prefix(digits);
    std::uint64_t unit_ms = 0;
    for (const auto& [name, ms] : units) {
      if (!rest.starts_with(name)) continue;
      unit_ms = ms;
      rest.remove_prefix(name.size());
      break;
    }
    if (unit_ms == 0 || *number > year_ms / unit_ms) return wrong;
    total_ms += *number * unit_ms;
    if (total_ms > year_ms) return wrong;
  } while (!rest.empty());
  return milliseconds(total_ms);
}

}  // namespace understudy
