#include "actors/core/instant.hpp"

#include <array>
#include <cstdio>

namespace understudy {
namespace {

struct Date {
  std::int64_t year;
  std::int64_t month;
  std::int64_t day;
};

/// Days since 1970-01-01 to a Gregorian date, by 400-year eras that begin
/// on 1 March, so that the leap day is the last of its year.
Date date_of(std::int64_t days) {
  constexpr std::int64_t days_per_era = 146097;
  const std::int64_t shifted = days + 719468;
  const std::int64_t era =
      (shifted >= 0 ? shifted : shifted - days_per_era + 1) / days_per_era;
  const std::int64_t in_era = shifted - era * days_per_era;
  const std::int64_t year_of_era =
      (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  const std::int64_t in_year =
      in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * in_year + 2) / 153;
  const std::int64_t day = in_year - (153 * shifted_month + 2) / 5 + 1;
  const std::int64_t month =
      shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, day};
}

}  // namespace

std::string to_string(Instant at) {
  if (at == Instant::never()) return "never";
  constexpr std::int64_t us_per_day = 86'400'000'000;
  std::int64_t days = at.us / us_per_day;
  std::int64_t rest = at.us % us_per_day;
  if (rest < 0) {
    rest += us_per_day;
    days -= 1;
  }
  const Date date = date_of(days);
  const std::int64_t ms = rest / 1000;
  std::array<char, 64> text{};
  std::snprintf(
      text.data(), text.size(),
      "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld.%03lldZ",
      static_cast<long long>(date.year), static_cast<long long>(date.month),
      static_cast<long long>(date.day), static_cast<long long>(ms / 3'600'000),
      static_cast<long long>(ms / 60'000 % 60),
      static_cast<long long>(ms / 1000 % 60),
      static_cast<long long>(ms % 1000));
  return text.data();
}

}  // namespace understudy
