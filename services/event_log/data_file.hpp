#pragma once

/// Looks at a data file before it is mapped.
///
/// LMDB trusts its file: pages that the file no longer has end the process
/// that reads them with SIGBUS. So what the file's head claims is compared
/// with the file's length first.

#include <cstdint>
#include <filesystem>

#include "actors/core/result.hpp"

namespace understudy::lmdb {

struct DataFile {
  std::uint32_t page_bytes = 0;
  std::uint64_t claimed_bytes = 0;  ///< Pages in use, by the file's head.
  std::uint64_t file_bytes = 0;
  std::uint64_t device = 0;  ///< With `inode`, what file this is, whatever
  std::uint64_t inode = 0;   ///< the path that leads to it.
};

/// Errors: `not_found` when there is no such file, `unavailable` when it
/// cannot be read, `corrupt` when it is no LMDB file or shorter than it
/// claims, `too_new` when a newer LMDB wrote it.
[[nodiscard]] Result<DataFile> inspect(const std::filesystem::path& file);

}  // namespace understudy::lmdb
