#include "services/client/server_address.hpp"

#include <algorithm>

#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

constexpr std::size_t longest_token = 4096;

Error no_address(const std::string& text) {
  return {ErrorCode::invalid_input,
          "--server " + in_quotes(text) +
              " is no address; accepted: http://HOST:PORT, https://HOST:PORT"};
}

/// Takes `start` away from the front of `text`.
bool take(std::string& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.erase(0, start.size());
  return true;
}

bool host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool literal_character(char c) {
  return host_character(c) || c == ':' || c == '%';
}

}  // namespace

std::string ServerAddress::url() const {
  const bool literal = host.find(':') != std::string::npos;
  return std::string(tls ? "https://" : "http://") + (literal ? "[" : "") +
         host + (literal ? "]" : "") + ':' + std::to_string(port);
}

Result<ServerAddress> parse_server(const std::string& text) {
  ServerAddress address;
  std::string rest = text;
  if (take(rest, "https://")) {
    address.tls = true;
    address.port = 443;
  } else {
    take(rest, "http://");
  }
  if (rest.ends_with('/')) rest.pop_back();
  const bool literal = take(rest, "[");
  const auto end = rest.find(literal ? ']' : ':');
  if (literal && end == std::string::npos) return no_address(text);
  address.host = rest.substr(0, end);
  rest.erase(0, end == std::string::npos ? rest.size() : end + literal);
  const bool good = !address.host.empty() &&
                    std::all_of(address.host.begin(), address.host.end(),
                                literal ? literal_character : host_character);
  if (!good) return no_address(text);
  if (rest.empty()) return address;
  const auto port = parse_number(rest.substr(1), 65'535);
  if (rest.front() != ':' || !port || *port == 0) return no_address(text);
  address.port = static_cast<std::uint16_t>(*port);
  return address;
}

Result<std::string> read_token_file(const std::string& path) {
  auto text = read_text_file(path, longest_token);
  if (!text) return text.error();
  std::string token = std::move(text).value();
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r'))
    token.pop_back();
  const bool good = !token.empty() &&
                    std::all_of(token.begin(), token.end(),
                                [](char c) { return c > ' ' && c < '\x7f'; });
  if (good) return token;
  return Error{ErrorCode::invalid_input,
               path +
                   " holds no token; accepted: one line of printable "
                   "characters without spaces"};
}

std::string percent_encoded(const std::string& text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (host_character(c) || c == '~') {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4U];
    encoded += digits[byte & 15U];
  }
  return encoded;
}

}  // namespace understudy
