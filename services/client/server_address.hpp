#pragma once

/// Where a daemon is, and what it wants to be shown.
///
/// Thread safety: plain values and functions without state.

#include <chrono>
#include <cstdint>
#include <string>

#include "actors/core/result.hpp"

namespace understudy {

struct ServerAddress {
  bool tls = false;
  std::string host = "127.0.0.1";  ///< An IPv6 address without brackets.
  std::uint16_t port = 7780;

  /// Such as `http://127.0.0.1:7780`.
  [[nodiscard]] std::string url() const;
};

/// `http://HOST:PORT`, `https://HOST:PORT` or `HOST:PORT`; without a port
/// 7780, or 443 for https. Errors: `invalid_input`.
[[nodiscard]] Result<ServerAddress> parse_server(const std::string& text);

/// How to talk to one daemon.
struct ServerAccess {
  ServerAddress address;
  std::string token;  ///< Empty: none is sent.
  /// How long one request may take, repetitions included.
  std::chrono::milliseconds timeout{30'000};
};

/// The token in a file: one line. Errors: as `read_text_file`, and
/// `invalid_input` when it holds no token.
[[nodiscard]] Result<std::string> read_token_file(const std::string& path);

/// `text` as it may stand in a path or in the value of a parameter.
[[nodiscard]] std::string percent_encoded(const std::string& text);

}  // namespace understudy
