#include "services/text/origin.hpp"

#include <algorithm>

namespace understudy {
namespace {

/// `size` lower-case hexadecimal digits from `at`.
bool hex(std::string_view text, std::size_t at, std::size_t size) {
  const std::string_view part = text.substr(at, size);
  return std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

bool all_zero(std::string_view text, std::size_t at, std::size_t size) {
  return text.substr(at, size).find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::string_view auth_type(std::string_view principal) {
  if (principal == principals::operator_token) return "api_key";
  if (principal == principals::http) return "unauthenticated";
  return "unknown";
}

bool valid_traceparent(std::string_view text) {
  constexpr std::size_t size = 55;  // VV-TRACE(32)-PARENT(16)-FF
  constexpr std::size_t longest = 512;
  if (text.size() < size || text.size() > longest) return false;
  if (!hex(text, 0, 2) || text.starts_with("ff")) return false;
  if (text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  if (!hex(text, 3, 32) || all_zero(text, 3, 32)) return false;
  if (!hex(text, 36, 16) || all_zero(text, 36, 16)) return false;
  if (!hex(text, 53, 2)) return false;
  if (text.size() == size) return true;
  return !text.starts_with("00") && text[size] == '-' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace understudy
