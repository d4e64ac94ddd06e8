#pragma once

/// Addresses of instances as HAProxy's runtime API takes them: it looks up no
/// names.
///
/// Thread safety: all calls from any thread.

#include <string>

namespace understudy::gateway {

/// `HOST:PORT` with the host's number; empty when there is none. May ask the
/// system's resolver.
[[nodiscard]] std::string numeric_address(const std::string& address);

}  // namespace understudy::gateway
