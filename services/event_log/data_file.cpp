#include "services/event_log/data_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/event_log/descriptor.hpp"

namespace understudy::lmdb {
namespace {

// The first two pages of an LMDB file (data version 1, 64-bit) are meta
// pages. Each commit overwrites the older one; the one with the larger
// transaction number counts. Offsets within the page:
//    10  u16  page flags; 0x08 marks a meta page
//    16  u32  magic
//    20  u32  data version
//    32  u64  bytes that the writer mapped
//    40  u32  page size in bytes
//   136  u64  number of the last page in use
//   144  u64  transaction number
constexpr std::size_t kFlagsAt = 10;
constexpr std::size_t kMagicAt = 16;
constexpr std::size_t kVersionAt = 20;
constexpr std::size_t kMapBytesAt = 32;
constexpr std::size_t kPageBytesAt = 40;
constexpr std::size_t kLastPageAt = 136;
constexpr std::size_t kMetaBytes = 152;
constexpr std::uint16_t kMetaFlag = 0x08;
constexpr std::uint32_t kMagic = 0xBEEFC0DE;
constexpr std::uint32_t kDataVersion = 1;
constexpr std::uint32_t kVersionsBeyond = 1000;  // no version: damage
constexpr std::uint64_t kMaxMapBytes = std::uint64_t{1} << 47;
constexpr std::uint32_t kMinPageBytes = 512;
constexpr std::uint32_t kMaxPageBytes = 65536;

using MetaBytes = std::array<std::byte, kMetaBytes>;

struct Meta {
  std::uint32_t page_bytes = 0;
  std::uint64_t last_page = 0;
};

template <class T>
T load(const MetaBytes& bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

Error corrupt(const std::filesystem::path& file, const std::string& what) {
  return {ErrorCode::corrupt, file.string() + ": " + what};
}

Error system_error(const std::filesystem::path& file, int code) {
  return {
      code == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable,
      "cannot read " + file.string() + ": " + std::strerror(code) +
          (code == ENOTDIR ? "; accepted: a directory, or a new name" : "")};
}

std::optional<MetaBytes> read_page_head(int fd, std::uint64_t at) {
  MetaBytes bytes{};
  const auto count =
      ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
  if (count != static_cast<ssize_t>(bytes.size())) return std::nullopt;
  return bytes;
}

Result<Meta> parse(const std::filesystem::path& file, const MetaBytes& bytes) {
  if ((load<std::uint16_t>(bytes, kFlagsAt) & kMetaFlag) == 0 ||
      load<std::uint32_t>(bytes, kMagicAt) != kMagic) {
    return corrupt(file, "not a log: the head of an LMDB file is missing");
  }
  const auto version = load<std::uint32_t>(bytes, kVersionAt);
  if (version == 0 || version > kVersionsBeyond) {
    return corrupt(
        file, "damaged head: LMDB data version " + std::to_string(version));
  }
  if (version != kDataVersion) {
    return Error{ErrorCode::too_new,
                 file.string() + ": LMDB data version " +
                     std::to_string(version) +
                     "; accepted: " + std::to_string(kDataVersion)};
  }
  const auto page_bytes = load<std::uint32_t>(bytes, kPageBytesAt);
  if (!std::has_single_bit(page_bytes) || page_bytes < kMinPageBytes ||
      page_bytes > kMaxPageBytes) {
    return corrupt(file,
                   "damaged head: page size " + std::to_string(page_bytes));
  }
  const auto map_bytes = load<std::uint64_t>(bytes, kMapBytesAt);
  if (map_bytes > kMaxMapBytes) {
    return corrupt(file, "damaged head: map size " + std::to_string(map_bytes));
  }
  return Meta{page_bytes, load<std::uint64_t>(bytes, kLastPageAt)};
}

}  // namespace

Result<DataFile> inspect(const std::filesystem::path& file) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return system_error(file, errno);
  const auto too_short = [&] {
    return corrupt(file, "the file is empty or was cut short in its head");
  };
  const auto head = read_page_head(fd.get(), 0);
  if (!head) return too_short();
  auto first = parse(file, *head);
  if (!first) return first.error();
  const auto page_bytes = first.value().page_bytes;
  const auto next = read_page_head(fd.get(), page_bytes);
  if (!next) return too_short();
  auto second = parse(file, *next);
  if (!second) return second.error();

  // The length is asked last: a writer lengthens the file before the head
  // claims more.
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error(file, errno);
  DataFile found{page_bytes, 0, static_cast<std::uint64_t>(status.st_size),
                 status.st_dev, status.st_ino};
  const auto last = std::max(first.value().last_page, second.value().last_page);
  const auto pages_there = found.file_bytes / page_bytes;
  if (last >= pages_there) {
    return corrupt(file, "the file was cut short: page " +
                             std::to_string(last) + " is in use, but only " +
                             std::to_string(pages_there) + " pages of " +
                             std::to_string(page_bytes) + " bytes are there");
  }
  found.claimed_bytes = (last + 1) * page_bytes;
  return found;
}

}  // namespace understudy::lmdb
