#pragma once

/// What one launch call was granted, as it is kept in a file that is written
/// before the first process is started.
///
/// Thread safety: plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/refusal.hpp"
#include "actors/core/result.hpp"
#include "actors/core/specification.hpp"

namespace understudy {

struct ProcessRecord {
  std::string owner;
  std::string token;
  Offering offering;
  std::string host;
  std::vector<std::uint32_t> ports;  ///< One for each that was granted.
  std::uint32_t refused = 0;
  RefusalKind kind = RefusalKind::none;  ///< Of the refused.
  std::string code;
  std::string message;

  [[nodiscard]] std::uint32_t granted() const {
    return static_cast<std::uint32_t>(ports.size());
  }
};

/// One `name value` a line; control characters and % as %XX.
[[nodiscard]] std::string to_text(const ProcessRecord& record);
/// Errors: `corrupt`, with the line; `file` stands in the message.
[[nodiscard]] Result<ProcessRecord> parse_process_record(
    const std::string& file, std::string_view text);

/// The name of a call's directory: of its owner and token alone.
[[nodiscard]] std::string process_key(const std::string& owner,
                                      const std::string& token);

/// `process:KEY-INDEX`, and back.
[[nodiscard]] std::string process_ref(const std::string& key,
                                      std::uint32_t index);
struct ProcessPlace {
  std::string key;
  std::uint32_t index = 0;
  friend auto operator<=>(const ProcessPlace&, const ProcessPlace&) = default;
};
/// Nothing when it is none of ours.
[[nodiscard]] std::optional<ProcessPlace> parse_process_ref(
    std::string_view ref);

/// `host:port`, with brackets around an IPv6 address.
[[nodiscard]] std::string process_address(const std::string& host,
                                          std::uint32_t port);

}  // namespace understudy
