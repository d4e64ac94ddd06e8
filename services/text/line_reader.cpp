#include "services/text/line_reader.hpp"

#include <algorithm>
#include <charconv>

namespace understudy {
namespace {

void split(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (;;) {
    const std::size_t space = line.find(' ');
    fields.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return;
    line.remove_prefix(space + 1);
  }
}

}  // namespace

bool LineReader::next() {
  while (!rest_.empty()) {
    ++line_;
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    split(line, fields_);
    return true;
  }
  fields_.clear();
  return false;
}

Error LineReader::error(const std::string& what,
                        std::string_view accepted) const {
  // An empty file has no line to point at but its first.
  const std::size_t line = line_ == 0 ? 1 : line_;
  return {ErrorCode::invalid_input, name_ + ':' + std::to_string(line) + ": " +
                                        what +
                                        "; accepted: " + std::string(accepted)};
}

std::optional<std::uint64_t> parse_number(std::string_view text,
                                          std::uint64_t max) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value > max) return std::nullopt;
  return value;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = "'";
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f || byte >= 0x80 ? '?' : c;
  }
  if (text.size() > longest) out += "...";
  return out + '\'';
}

}  // namespace understudy
