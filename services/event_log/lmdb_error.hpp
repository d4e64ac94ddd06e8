#pragma once

/// LMDB's and the system's error codes as `Error`s.

#include <filesystem>
#include <string_view>

#include "actors/core/result.hpp"

namespace understudy::lmdb {

/// `code` is an errno (positive) or an LMDB code (negative); `doing` says
/// what failed ("append"). LMDB reports a short write as EIO, so a file
/// system without room makes EIO "disk full".
[[nodiscard]] Error make_error(const std::filesystem::path& directory,
                               std::string_view doing, int code);

}  // namespace understudy::lmdb
