#pragma once

/// Waiting until an endpoint is in one of several states.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/cli/context.hpp"
#include "services/client/daemon_client.hpp"

namespace understudy {

/// `in-service`, `failed`, `deleted`, `at-wanted-capacity`, ...
[[nodiscard]] std::span<const std::string_view> wait_states();

/// `a,b`. Errors: `invalid_input` that lists those there are.
[[nodiscard]] Result<std::vector<std::string>> parse_wait_states(
    const std::string& text);

/// Whether it is so of an endpoint's description, null when there is none.
[[nodiscard]] bool holds(std::string_view state, const Json& endpoint);
/// Whether it may come to be so.
[[nodiscard]] bool can_come(std::string_view state, const Json& endpoint);
/// What it waits for, in a few words.
[[nodiscard]] std::string waiting_text(const Json& endpoint);

struct WaitOrder {
  std::string endpoint;
  std::vector<std::string> states;  ///< Any of them.
  std::chrono::milliseconds timeout{600'000};
  /// Begins with what this record changed.
  std::optional<std::uint64_t> after;
};

struct WaitEnd {
  std::string state;  ///< That was reached; empty when none was.
  bool timed_out = false;
  Json endpoint;       ///< As last described; null when there is none.
  std::string status;  ///< Of the endpoint; empty when there is none.
};

/// Shows what it waits for on `err`. Returns at the first state that holds,
/// when none can come any more, or after the time. Errors: as
/// `DaemonClient::get`, before there was any answer.
[[nodiscard]] Result<WaitEnd> wait_for(Context& context, DaemonClient& daemon,
                                       const WaitOrder& order);

/// 0 for the first of the states, 1 for another or none, 124 when the time
/// was up; what is no success is said in one line on `err`.
int tell_wait_end(Context& context, const WaitOrder& order, const WaitEnd& end);

}  // namespace understudy
