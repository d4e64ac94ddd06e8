#include "services/config/environment_names.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include <unistd.h>

#include "services/config/settings.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr std::string_view prefix = "UNDERSTUDY_";
/// The gateway's settings, which it checks itself.
constexpr std::string_view of_the_gateway = "UNDERSTUDY_GATEWAY_";

std::vector<std::string> known_names() {
  // Those of the daemon's settings, of its --config, and of the command line
  // (UNDERSTUDY_LOG is both).
  std::vector<std::string> known = {"UNDERSTUDY_CONFIG", "UNDERSTUDY_SERVER",
                                    "UNDERSTUDY_TOKEN_FILE"};
  for (const std::string& key : settings_keys())
    known.push_back(environment_name(key));
  return known;
}

/// Letters to add, take away or change until both are the same.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, changed});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> environment_names() {
  std::vector<std::string> names;
  for (char** one = environ; one != nullptr && *one != nullptr; ++one) {
    const std::string_view entry = *one;
    names.emplace_back(entry.substr(0, entry.find('=')));
  }
  return names;
}

std::vector<std::string> environment_warnings(
    const std::vector<std::string>& names) {
  constexpr std::size_t longest = 200;  ///< A name may be of any length.
  const std::vector<std::string> known = known_names();
  std::vector<std::string> warnings;
  for (const std::string& full : names) {
    if (!full.starts_with(prefix)) continue;
    if (full.starts_with(of_the_gateway)) continue;
    if (std::find(known.begin(), known.end(), full) != known.end()) continue;
    const std::string name = full.substr(0, longest);
    const auto nearest =
        std::min_element(known.begin(), known.end(),
                         [&](const std::string& a, const std::string& b) {
                           return distance(name, a) < distance(name, b);
                         });
    warnings.push_back(in_quotes(full) +
                       " in the environment means nothing; the nearest that "
                       "does: " +
                       *nearest);
  }
  return warnings;
}

}  // namespace understudy
