#include "services/projection/wording.hpp"

namespace understudy {

std::string counted(std::uint64_t count, std::string_view noun) {
  std::string text = std::to_string(count) + ' ';
  text += noun;
  if (count != 1) text += 's';
  return text;
}

std::string milli_text(std::uint64_t milli) {
  std::string text = std::to_string(milli / 1000);
  if (milli % 1000 == 0) return text;
  std::string decimals = std::to_string(1000 + milli % 1000).substr(1);
  while (decimals.back() == '0')
    decimals.pop_back();
  return text + '.' + decimals;
}

std::string time_text(Instant at) {
  if (at == Instant{} || at == Instant::never()) return "<none>";
  std::string text = to_string(at);
  const auto dot = text.find('.');
  if (dot != std::string::npos) text.replace(dot, std::string::npos, "Z");
  return text;
}

std::string duration_text(std::int64_t ms) {
  if (ms < 0) return '-' + duration_text(-ms);
  const auto pair = [](std::int64_t large, const char* large_unit,
                       std::int64_t small, const char* small_unit) {
    std::string text = std::to_string(large) + large_unit;
    if (small != 0) text += std::to_string(small) + small_unit;
    return text;
  };
  if (ms < 1000) return std::to_string(ms) + "ms";
  const std::int64_t s = ms / 1000;
  if (s < 60) {
    const std::int64_t tenth = ms % 1000 / 100;
    std::string text = std::to_string(s);
    if (tenth != 0) text += '.' + std::to_string(tenth);
    return text + 's';
  }
  if (s < 3600) return pair(s / 60, "m", s % 60, "s");
  if (s < 86400) return pair(s / 3600, "h", s % 3600 / 60, "m");
  return pair(s / 86400, "d", s % 86400 / 3600, "h");
}

std::string refusal_text(RefusalKind kind, const std::string& code,
                         const std::string& message, std::size_t limit) {
  std::string text(name_of(kind));
  if (!code.empty()) text += ", " + code;
  if (message.empty()) return text;
  text += ": ";
  if (message.size() <= limit) return text + message;
  std::size_t end = limit;
  // Never inside a UTF-8 sequence.
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80)
    --end;
  return text + message.substr(0, end) + "...";
}

}  // namespace understudy
