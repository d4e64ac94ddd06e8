#include "services/config/log_address.hpp"

#include <algorithm>
#include <utility>

#include "actors/core/describe.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

Error refused(std::string_view text, const std::string& why) {
  return {ErrorCode::invalid_input, in_quotes(text) + why};
}

/// What stands before a colon and looks like the name of a kind.
std::string_view scheme_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  const auto word = text.substr(0, colon);
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return plain ? word : std::string_view{};
}

}  // namespace

Result<LogAddress> parse_log_address(std::string_view text) {
  const auto scheme = scheme_of(text);
  if (scheme.empty()) {
    if (text.empty()) return refused(text, " names no log");
    return LogAddress{LogKind::embedded, std::string(text)};
  }
  for (const LogKind kind : {LogKind::embedded, LogKind::kafka}) {
    if (scheme != name_of(kind)) continue;
    const auto rest = text.substr(scheme.size() + 1);
    if (rest.empty()) return refused(text, " names no log");
    return LogAddress{kind, std::string(rest)};
  }
  return refused(text, ": no such kind of log");
}

Result<std::string> embedded_directory(std::string_view text) {
  auto address = parse_log_address(text);
  if (!address) return address.error();
  if (address.value().kind != LogKind::embedded)
    return refused(text, " cannot be opened here");
  return std::move(address.value().rest);
}

}  // namespace understudy
