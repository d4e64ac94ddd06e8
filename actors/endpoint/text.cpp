#include "actors/endpoint/text.hpp"

namespace understudy::endpoint {
namespace {

constexpr std::string_view cut_mark = "...";

bool printable(char c) { return c >= 0x20 && c < 0x7f; }

}  // namespace

std::string shown(std::string_view text, std::size_t limit) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    std::string piece(1, c);
    if (!printable(c)) {
      const auto byte = static_cast<unsigned char>(c);
      piece = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
    out += piece;
    if (out.size() > limit) {
      if (limit < cut_mark.size()) return out.substr(0, limit);
      out.resize(limit - cut_mark.size());
      return out.append(cut_mark);
    }
  }
  return out;
}

}  // namespace understudy::endpoint
