/// Path and query of a request.

#include <algorithm>
#include <utility>

#include "services/api/head.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr std::size_t most_parameters = 32;
constexpr std::size_t longest_path_bytes = 2'048;

Problem bad(std::string detail) {
  return make_problem("bad-request", std::move(detail));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Whether the bytes are UTF-8 without control characters: what is shown in
/// answers and log lines again must be text.
bool is_text(std::string_view bytes) {
  if (std::any_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
      })) {
    return false;
  }
  return json_text(Json(std::string(bytes))).find("\xEF\xBF\xBD") ==
             std::string::npos ||
         bytes.find("\xEF\xBF\xBD") != std::string_view::npos;
}

/// A plus sign stays what it is: times have them, and nothing that a
/// parameter may be holds a blank.
std::optional<std::string> decode(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_text(result)) return std::nullopt;
  return result;
}

std::optional<Problem> read_path(std::string_view path, ApiCall& call) {
  if (path.size() > longest_path_bytes) {
    return make_problem("target-too-long", "the path has " +
                                               std::to_string(path.size()) +
                                               " bytes; accepted: 2048");
  }
  path.remove_prefix(1);
  while (true) {
    const auto slash = path.find('/');
    auto part = decode(path.substr(0, slash));
    if (!part)
      return bad("the path holds a broken escape or a control character");
    call.path.push_back(*std::move(part));
    if (slash == std::string_view::npos) return std::nullopt;
    path.remove_prefix(slash + 1);
  }
}

std::optional<Problem> read_query(std::string_view query, ApiCall& call) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals));
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value)
      return bad("the query holds a broken escape or a control character");
    if (call.parameter(*name)) {
      return wrong_parameter(*name, *value, "a parameter only once");
    }
    if (call.query.size() == most_parameters)
      return bad("more than 32 query parameters");
    call.query.emplace_back(*std::move(name), *std::move(value));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Problem> parse_target(std::string_view target, ApiCall& call) {
  if (target == "*") {
    call.path = {"*"};
    return std::nullopt;
  }
  if (!target.starts_with('/'))
    return bad("the target " + in_quotes(target) + " does not begin with /");
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte >= 0x7f)
      return bad("the target holds a byte that must be percent-encoded");
  }
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  if (auto wrong = read_path(target.substr(0, question), call)) return wrong;
  if (question == std::string_view::npos) return std::nullopt;
  return read_query(target.substr(question + 1), call);
}

}  // namespace understudy
