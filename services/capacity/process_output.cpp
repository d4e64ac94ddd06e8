#include "services/capacity/process_output.hpp"

#include <array>
#include <cstdio>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/event_log/descriptor.hpp"

namespace understudy {
namespace {

std::uint64_t size_of(int file) {
  struct stat status {};
  return ::fstat(file, &status) == 0 && S_ISREG(status.st_mode)
             ? static_cast<std::uint64_t>(status.st_size)
             : 0;
}

std::string read_from(int file, std::uint64_t at, std::size_t most) {
  std::string text(most, '\0');
  const ssize_t got =
      ::pread(file, text.data(), text.size(), static_cast<off_t>(at));
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

/// The length of the UTF-8 sequence at the front of `text`; 0 when there is
/// none.
std::size_t sequence_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  std::size_t length = 0;
  if (first >= 0xc2 && first < 0xe0) length = 2;
  if (first >= 0xe0 && first < 0xf0) length = 3;
  if (first >= 0xf0 && first < 0xf5) length = 4;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  // Overlong forms, surrogates, and what is beyond the last code point.
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
      (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
    return 0;
  return length;
}

std::string readable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    std::size_t length = byte >= 0x20 && byte < 0x7f ? 1 : 0;
    if (byte >= 0x80) length = sequence_length(text);
    if (byte == '\t') {
      out += ' ';
      length = 1;
    } else if (length == 0) {
      std::array<char, 5> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02x",
                    static_cast<unsigned>(byte));
      out += escape.data();
      length = 1;
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

void bound_output(const std::string& file, const std::string& old_file,
                  std::uint64_t half) {
  const Descriptor now(::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!now) return;
  const std::uint64_t size = size_of(now.get());
  if (size <= half) return;
  const std::string fresh = old_file + ".new";
  const Descriptor old(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  constexpr std::size_t piece = 1U << 20U;
  for (std::uint64_t at = size - half; old;) {
    const std::string text = read_from(now.get(), at, piece);
    if (text.empty()) break;
    if (::write(old.get(), text.data(), text.size()) <= 0) break;
    at += text.size();
    // One that writes faster than it is read must not be read for ever.
    if (at > size + half) break;
  }
  // A full disk loses the old lines, and not the new ones.
  [[maybe_unused]] const int cut = ::ftruncate(now.get(), 0);
  if (old) ::rename(fresh.c_str(), old_file.c_str());
}

std::string output_tail(const std::string& file, std::size_t most) {
  const Descriptor now(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!now) return {};
  const std::uint64_t size = size_of(now.get());
  if (size <= most) return read_from(now.get(), 0, most);
  std::string text = read_from(now.get(), size - most, most);
  const auto line = text.find('\n');
  if (line != std::string::npos && line + 1 < text.size())
    text.erase(0, line + 1);
  return text;
}

std::string last_lines(std::string_view text, std::size_t lines,
                       std::size_t most_bytes) {
  std::vector<std::string> found;
  while (!text.empty() && found.size() < lines) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
      text.remove_suffix(1);
    const auto before = text.rfind('\n');
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    if (begin < text.size()) found.push_back(readable(text.substr(begin)));
    text = text.substr(0, begin);
  }
  std::string joined;
  for (auto line = found.rbegin(); line != found.rend(); ++line)
    joined += (joined.empty() ? "" : " | ") + *line;
  if (joined.size() <= most_bytes) return joined;
  std::size_t from = joined.size() - most_bytes;
  // Not in the middle of a character.
  while (from < joined.size() &&
         (static_cast<unsigned char>(joined[from]) & 0xc0U) == 0x80U)
    ++from;
  return "..." + joined.substr(from);
}

}  // namespace understudy
