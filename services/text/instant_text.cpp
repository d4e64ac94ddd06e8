#include "services/text/instant_text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace understudy {
namespace {

/// Takes pieces off the front of a text; `ok` turns false at the first that
/// is not as expected and stays so.
struct Scanner {
  std::string_view rest;
  bool ok = true;

  std::int64_t digits(std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count && ok; ++i) {
      ok = i < rest.size() && rest[i] >= '0' && rest[i] <= '9';
      if (ok) value = value * 10 + (rest[i] - '0');
    }
    if (ok) rest.remove_prefix(count);
    return value;
  }

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }

  void expect(char c) { ok = take(c) && ok; }
};

bool leap(std::int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

std::int64_t days_in(std::int64_t year, std::int64_t month) {
  constexpr std::array<std::int64_t, 12> days = {31, 28, 31, 30, 31, 30,
                                                 31, 31, 30, 31, 30, 31};
  return days[static_cast<std::size_t>(month - 1)] +
         (month == 2 && leap(year) ? 1 : 0);
}

std::int64_t days_before(std::int64_t year, std::int64_t month) {
  const std::int64_t y = year - 1;
  std::int64_t days = y * 365 + y / 4 - y / 100 + y / 400 - 719162;
  for (std::int64_t m = 1; m < month; ++m)
    days += days_in(year, m);
  return days;
}

std::int64_t fraction_us(Scanner& in) {
  if (!in.take('.')) return 0;
  std::int64_t us = 0;
  std::size_t count = 0;
  while (count < 6 && !in.rest.empty() && in.rest.front() >= '0' &&
         in.rest.front() <= '9') {
    us = us * 10 + in.digits(1);
    ++count;
  }
  in.ok = in.ok && count > 0;
  for (; count < 6; ++count)
    us *= 10;
  return us;
}

std::int64_t offset_minutes(Scanner& in) {
  if (in.take('Z')) return 0;
  const bool west = in.take('-');
  if (!west) in.expect('+');
  const std::int64_t hours = in.digits(2);
  in.expect(':');
  const std::int64_t minutes = in.digits(2);
  in.ok = in.ok && hours < 24 && minutes < 60;
  return (hours * 60 + minutes) * (west ? -1 : 1);
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  Scanner in{text};
  const std::int64_t year = in.digits(4);
  in.expect('-');
  const std::int64_t month = in.digits(2);
  in.expect('-');
  const std::int64_t day = in.digits(2);
  in.expect('T');
  const std::int64_t hour = in.digits(2);
  in.expect(':');
  const std::int64_t minute = in.digits(2);
  in.expect(':');
  const std::int64_t second = in.digits(2);
  const std::int64_t us = fraction_us(in);
  const std::int64_t offset = offset_minutes(in);
  if (!in.ok || !in.rest.empty() || year < 1970 || month < 1 || month > 12 ||
      day < 1 || day > days_in(year, month) || hour > 23 || minute > 59 ||
      second > 59) {
    return std::nullopt;
  }
  const std::int64_t days = days_before(year, month) + day - 1;
  const std::int64_t minutes = (days * 24 + hour) * 60 + minute - offset;
  return Instant{(minutes * 60 + second) * 1'000'000 + us};
}

}  // namespace understudy
