#include "services/cli/offering_name.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "services/cli/line_diff.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr std::string_view kind = "offering/";

/// Characters to insert, remove or replace.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

Result<Offering> parse_offering(const std::string& text) {
  constexpr std::size_t longest = 256;
  const Error wrong{ErrorCode::invalid_input,
                    in_quotes(text) +
                        " is no offering; accepted: TYPE/ZONE/MARKET, where "
                        "MARKET is on-demand or spot"};
  std::string rest = text;
  if (rest.starts_with(kind)) rest.erase(0, kind.size());
  const auto first = rest.find('/');
  const auto last = rest.rfind('/');
  if (first == std::string::npos || first == last || text.size() > longest)
    return wrong;
  Offering offering;
  offering.instance_type = rest.substr(0, first);
  offering.zone = rest.substr(first + 1, last - first - 1);
  const auto market = parse_enum<Market>(rest.substr(last + 1));
  const bool good = market && !offering.instance_type.empty() &&
                    !offering.zone.empty() &&
                    offering.zone.find('/') == std::string::npos;
  if (!good) return wrong;
  offering.market = *market;
  return offering;
}

std::string close_offerings(const std::string& text, const std::string& names) {
  constexpr std::size_t most = 3;
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (std::string& line : split_lines(names)) {
    if (line.starts_with(kind)) line.erase(0, kind.size());
    ranked.emplace_back(distance(text, line), line);
  }
  std::sort(ranked.begin(), ranked.end());
  std::string close;
  for (std::size_t i = 0; i < std::min(most, ranked.size()); ++i) {
    if (ranked[i].first > std::max<std::size_t>(4, text.size() / 3)) break;
    close += (close.empty() ? "" : ", ") + ranked[i].second;
  }
  return close;
}

}  // namespace understudy
