#include "services/codec/frame.hpp"

#define XXH_INLINE_ALL
#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstring>
#include <string>

#include <xxhash.h>

namespace understudy::codec {
namespace {

static_assert(std::endian::native == std::endian::little,
              "stored integers are little-endian and read in place");

constexpr std::size_t at_magic = 8;
constexpr std::size_t at_format = 9;
constexpr std::size_t at_flags = 10;
constexpr std::size_t at_length = 12;

template <class T>
T read_at(Bytes bytes, std::size_t offset) {
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

template <class T>
void write_at(std::byte* bytes, std::size_t offset, T value) {
  std::memcpy(bytes + offset, &value, sizeof value);
}

std::size_t padded(std::size_t size) {
  return (size + frame_alignment - 1) / frame_alignment * frame_alignment;
}

std::string hex(std::uint64_t value) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx",
                static_cast<unsigned long long>(value));
  return text.data();
}

Error corrupt(std::string message) {
  return {ErrorCode::corrupt, std::move(message)};
}

Error too_new(std::string what) {
  return {
      ErrorCode::too_new,
      std::move(what) + " is not known to this build; a newer one wrote it"};
}

}  // namespace

std::uint64_t frame_checksum(Bytes frame) {
  return XXH3_64bits(frame.data() + at_magic, frame.size() - at_magic);
}

void append_frame(Bytes content, std::vector<std::byte>& out) {
  const std::size_t start = out.size();
  out.resize(start + padded(frame_header_size + content.size()));
  std::byte* frame = out.data() + start;
  frame[at_magic] = frame_magic;
  write_at(frame, at_format, frame_format);
  write_at(frame, at_length, static_cast<std::uint32_t>(content.size()));
  std::copy(content.begin(), content.end(), frame + frame_header_size);
  write_at(frame, 0, frame_checksum(Bytes(frame, out.size() - start)));
}

Result<Bytes> open_frame(Bytes bytes) {
  if (bytes.size() < frame_header_size) {
    return corrupt("record of " + std::to_string(bytes.size()) +
                   " bytes; expected a header of 16 at least");
  }
  const auto stored = read_at<std::uint64_t>(bytes, 0);
  const auto found = frame_checksum(bytes);
  if (stored != found) {
    return corrupt("checksum " + hex(found) + " found; expected " +
                   hex(stored));
  }
  if (bytes[at_magic] != frame_magic) {
    return corrupt("not a record; expected byte 55 at offset 8");
  }
  const auto format = read_at<std::uint8_t>(bytes, at_format);
  if (format > frame_format) {
    return too_new("record format " + std::to_string(format));
  }
  const auto flags = read_at<std::uint16_t>(bytes, at_flags);
  if (flags != 0) return too_new("record flags " + std::to_string(flags));
  const std::size_t length = read_at<std::uint32_t>(bytes, at_length);
  const std::size_t end = frame_header_size + length;
  if (format == 0 || padded(end) != bytes.size() ||
      std::any_of(bytes.begin() + static_cast<std::ptrdiff_t>(end), bytes.end(),
                  [](std::byte b) { return b != std::byte{}; })) {
    return corrupt("header says format " + std::to_string(format) + ", " +
                   std::to_string(length) + " bytes of content; found " +
                   std::to_string(bytes.size()) + " bytes in all");
  }
  return bytes.subspan(frame_header_size, length);
}

Bytes aligned(Bytes bytes, std::vector<std::byte>& copy) {
  const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
  if (address % frame_alignment == 0) return bytes;
  copy.assign(bytes.begin(), bytes.end());
  return copy;
}

}  // namespace understudy::codec
