#pragma once

/// Bearer tokens: who may do what.
///
/// Thread safety: plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/core/result.hpp"
#include "services/config/settings.hpp"

namespace understudy {

enum class Access : std::uint8_t { none, read, operate };

class Tokens {
 public:
  /// Errors: `invalid_input` for a file that is missing, empty, holds more
  /// than one line or 4096 bytes, is readable by others than its owner, or
  /// for the same token in both.
  [[nodiscard]] static Result<Tokens> read(const ApiSettings& settings);

  /// What the value of an Authorization header allows; without any token
  /// everything. Compares in constant time.
  [[nodiscard]] Access access(std::string_view authorization) const;
  [[nodiscard]] bool needed() const { return !operate_.empty(); }

 private:
  std::string operate_;
  std::string read_;
};

/// That the files named by the settings hold tokens. Errors: as above.
[[nodiscard]] Result<void> check_tokens(const ApiSettings& settings);

}  // namespace understudy
