#pragma once

/// Where a command came from: names of principals, and trace contexts.
///
/// Thread safety: functions without state.

#include <string_view>

namespace understudy {

/// Who sends commands to the daemon's HTTP API: whoever holds the token that
/// may operate or, where no token is needed, anybody who can reach it.
namespace principals {
constexpr std::string_view operator_token = "operator-token";
constexpr std::string_view http = "http";
}  // namespace principals

/// How a principal is known, as the CloudEvents extension `authtype` has it:
/// `unknown` for one that was only claimed.
[[nodiscard]] std::string_view auth_type(std::string_view principal);

/// Whether `text` is a `traceparent` of W3C Trace Context, version 00 or what
/// a later version keeps of it.
[[nodiscard]] bool valid_traceparent(std::string_view text);

}  // namespace understudy
