#pragma once

/// Where a log is, as `--log`, UNDERSTUDY_LOG and the daemon's setting `log`
/// name it. One parser for every program, so that one value serves all.
///
/// Thread safety: pure functions and plain values.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "actors/core/result.hpp"

namespace understudy {

enum class LogKind : std::uint8_t { embedded, kafka };

constexpr std::array<std::string_view, 2> names_of(LogKind) {
  return {"embedded", "kafka"};
}

struct LogAddress {
  LogKind kind = LogKind::embedded;
  /// A directory for `embedded`, servers as HOST:PORT,... for `kafka`.
  std::string rest;
};

/// What every program accepts; follows an error's message.
inline constexpr std::string_view log_address_forms = "DIR or embedded:DIR";

/// `DIR`, `embedded:DIR` or `kafka:BOOTSTRAP`. A directory whose name looks
/// like a kind is written with its path: `./kafka:x`. Errors:
/// `invalid_input`; the message says what is wrong, and the caller adds where
/// the text came from and what it accepts.
[[nodiscard]] Result<LogAddress> parse_log_address(std::string_view text);

/// The directory of an embedded log. Errors: as above, and `invalid_input`
/// for a log of another kind: whoever asks cannot serve it.
[[nodiscard]] Result<std::string> embedded_directory(std::string_view text);

}  // namespace understudy
