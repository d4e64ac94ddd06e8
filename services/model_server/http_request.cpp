#include "services/model_server/http_request.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "services/text/line_reader.hpp"

namespace understudy::model_server {
namespace {

constexpr std::size_t largest_head = 128U << 10U;
constexpr std::uint64_t largest_body = 1ULL << 40U;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

}  // namespace

std::string HttpRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::uint32_t HttpRequest::number(const std::string& name,
                                  std::uint32_t otherwise) const {
  const auto value = parse_number(header(name), UINT32_MAX);
  return value ? static_cast<std::uint32_t>(*value) : otherwise;
}

bool HttpRequestReader::wants_continue() {
  return std::exchange(expects_continue_, false);
}

bool HttpRequestReader::read_head(std::string_view head) {
  request_ = {};
  bool first = true;
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    if (std::exchange(first, false)) {
      const auto method_end = line.find(' ');
      const auto target_end = line.rfind(' ');
      if (method_end == std::string_view::npos || target_end <= method_end)
        return false;
      request_.method = line.substr(0, method_end);
      const auto target =
          line.substr(method_end + 1, target_end - method_end - 1);
      request_.path = target.substr(0, target.find('?'));
      request_.keep_alive = line.substr(target_end + 1) == "HTTP/1.1";
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    request_.headers[lower(line.substr(0, colon))] =
        trimmed(line.substr(colon + 1));
  }
  const std::string connection = lower(request_.header("connection"));
  if (connection == "close") request_.keep_alive = false;
  if (connection == "keep-alive") request_.keep_alive = true;
  expects_continue_ = lower(request_.header("expect")) == "100-continue";
  return !first;
}

HttpRequestReader::State HttpRequestReader::take_head(std::string& input) {
  const auto end = input.find("\r\n\r\n");
  if (end == std::string::npos)
    return input.size() > largest_head ? State::broken : State::more;
  if (!read_head(std::string_view(input).substr(0, end))) return State::broken;
  input.erase(0, end + 4);
  if (lower(request_.header("transfer-encoding")) == "chunked") {
    part_ = Part::chunk_size;
    return State::whole;
  }
  const std::string length = request_.header("content-length");
  const auto size = length.empty() ? std::optional<std::uint64_t>(0)
                                   : parse_number(length, largest_body);
  if (!size) return State::broken;
  left_ = *size;
  part_ = Part::body;
  return State::whole;
}

HttpRequestReader::State HttpRequestReader::take_chunks(std::string& input) {
  for (;;) {
    if (part_ == Part::chunk) {
      const auto taken = std::min<std::uint64_t>(left_, input.size());
      input.erase(0, static_cast<std::size_t>(taken));
      left_ -= taken;
      if (left_ > 0) return State::more;
      part_ = Part::chunk_size;
    }
    const auto end = input.find("\r\n");
    if (end == std::string::npos)
      return input.size() > largest_head ? State::broken : State::more;
    const std::string line = input.substr(0, end);
    input.erase(0, end + 2);
    if (part_ == Part::trailer) {
      if (!line.empty()) continue;
      part_ = Part::head;
      return State::whole;
    }
    // The end of the chunk before this one.
    if (line.empty()) continue;
    std::uint64_t size = 0;
    for (const char c : line.substr(0, line.find(';'))) {
      if (std::isxdigit(static_cast<unsigned char>(c)) == 0 ||
          size > largest_body)
        return State::broken;
      size = size * 16 + static_cast<std::uint64_t>(
                             std::isdigit(static_cast<unsigned char>(c)) != 0
                                 ? c - '0'
                                 : std::tolower(c) - 'a' + 10);
    }
    left_ = size;
    part_ = size == 0 ? Part::trailer : Part::chunk;
  }
}

HttpRequestReader::State HttpRequestReader::take(std::string& input) {
  if (part_ == Part::head) {
    const State state = take_head(input);
    if (state != State::whole) return state;
  }
  if (part_ != Part::body) return take_chunks(input);
  const auto taken = std::min<std::uint64_t>(left_, input.size());
  input.erase(0, static_cast<std::size_t>(taken));
  left_ -= taken;
  if (left_ > 0) return State::more;
  part_ = Part::head;
  return State::whole;
}

}  // namespace understudy::model_server
