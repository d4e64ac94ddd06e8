#pragma once

/// Which bearer token opens which endpoint: a file of lines
/// `ENDPOINT TOKEN`, where `*` stands for all endpoints without a line.
///
/// Thread safety: functions without state.

#include <string>

#include "actors/core/result.hpp"
#include "services/gateway/proxy_state.hpp"

namespace understudy::gateway {

/// Endpoint to SHA-256 of its token, in capital hexadecimal: HAProxy never
/// sees a token. Errors: as `read_text_file`, and `invalid_input` with the
/// line, or when others than the owner can read the file.
[[nodiscard]] Result<TextMap> read_token_map(const std::string& path);

}  // namespace understudy::gateway
