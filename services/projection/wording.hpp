#pragma once

/// Records in plain words: one sentence for each event and each input. For
/// people; programs read the fields.

#include <cstdint>
#include <string>

#include "actors/core/refusal.hpp"
#include "actors/runtime/record.hpp"

namespace understudy {

[[nodiscard]] std::string summary(const AnyEvent& event);
[[nodiscard]] std::string summary(const OutsideInput& input);

/// The stored name of an input, such as `launch-outcome`.
[[nodiscard]] std::string_view input_name(const OutsideInput& input);

/// `capacity, CODE: message`; the message is cut at about `limit` bytes.
[[nodiscard]] std::string refusal_text(RefusalKind kind,
                                       const std::string& code,
                                       const std::string& message,
                                       std::size_t limit = 60);

/// `1 instance`, `3 instances`.
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

/// Thousandths with as many decimals: 1234 is `1.234`, 1000 is `1`.
[[nodiscard]] std::string milli_text(std::uint64_t milli);

/// RFC 3339 to the second; `<none>` for 0 and never.
[[nodiscard]] std::string time_text(Instant at);

/// A span of time in its two largest units: `850ms`, `5.1s`, `12m30s`,
/// `3h12m`, `14d17h`.
[[nodiscard]] std::string duration_text(std::int64_t ms);

}  // namespace understudy
