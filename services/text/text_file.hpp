#pragma once

/// Whole files that users write.

#include <cstddef>
#include <string>

#include "actors/core/result.hpp"

namespace understudy {

/// The file's bytes. Errors, each with the path: `not_found`, `unavailable`
/// (no access, a directory, a failed read), `invalid_input` when it holds
/// more than `limit_bytes`.
[[nodiscard]] Result<std::string> read_text_file(const std::string& path,
                                                 std::size_t limit_bytes);

}  // namespace understudy
