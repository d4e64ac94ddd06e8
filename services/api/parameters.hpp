#pragma once

/// Query parameters, read. Thread safety: functions without state.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/api/message.hpp"
#include "services/api/problem.hpp"
#include "services/rendering/output.hpp"
#include "services/rendering/positions.hpp"

namespace understudy {

inline constexpr std::string_view offset_form =
    "0: and a number, such as 0:1234";

/// `0:1234` as 1234, and `0:0`, which is before the first record.
[[nodiscard]] std::optional<std::uint64_t> parse_offset(std::string_view text);

/// Reads parameters one after the other and keeps what was wrong first.
class Parameters {
 public:
  explicit Parameters(const ApiCall& call) : call_(call) {}

  /// `true` or `false`; with `bare` also the name alone, which is `true`.
  [[nodiscard]] bool flag(std::string_view name, bool bare = false);
  /// Empty when it is absent.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::uint64_t number(std::string_view name, std::uint64_t least,
                                     std::uint64_t most,
                                     std::uint64_t otherwise);
  [[nodiscard]] std::optional<std::uint64_t> position(std::string_view name);
  [[nodiscard]] std::optional<Instant> time(std::string_view name);
  /// A position or a time of the past; nothing where it is absent.
  [[nodiscard]] std::optional<ReplayUntil> until(std::string_view name);
  /// JSON where it is absent; `accepted` are its names.
  [[nodiscard]] Output output(std::initializer_list<std::string_view> accepted);

  [[nodiscard]] const std::optional<Problem>& wrong() const { return wrong_; }

 private:
  void refuse(std::string_view name, const std::string& value,
              std::string_view accepted);

  const ApiCall& call_;
  std::optional<Problem> wrong_;
};

}  // namespace understudy
