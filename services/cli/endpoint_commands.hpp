#pragma once

/// Commands about endpoints as the daemon takes them, and what it says of
/// one. Thread safety: functions without state.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "actors/core/specification.hpp"
#include "services/client/daemon_client.hpp"

namespace understudy {

/// An id that nobody else has, such as `cli-1f0c...`.
[[nodiscard]] std::string random_command_id();

/// `verb` is `create` or `update`.
[[nodiscard]] Json specifying_command(const std::string& id, const char* verb,
                                      const EndpointSpec& spec);
[[nodiscard]] Json scale_command(const std::string& id,
                                 const std::string& endpoint,
                                 const std::string& variant,
                                 std::uint32_t desired);
[[nodiscard]] Json delete_command(const std::string& id,
                                  const std::string& endpoint);

/// The endpoint as `get endpoints -o json` shows it; null when there is none
/// of that name. Errors: as `DaemonClient::get`.
[[nodiscard]] Result<Json> find_endpoint_item(DaemonClient& daemon,
                                              const std::string& name);

/// The specification that holds; null when there is no such endpoint, or
/// none any more.
[[nodiscard]] Result<Json> find_specification(DaemonClient& daemon,
                                              const std::string& name);

/// `chat` and `endpoint/chat` are one. Errors: `invalid_input` for what can
/// be no endpoint's name.
[[nodiscard]] Result<std::string> parse_endpoint_name(const std::string& text);

/// The position in a daemon's answer to a command; nothing if there is none.
[[nodiscard]] std::optional<std::uint64_t> position_of(const Json& answer);

/// What a dry run said: one line for each event, with its sentence, and as of
/// which position if it was told from the log.
void write_dry_run(std::ostream& out, const Json& answer);

/// A text member; empty when there is none.
[[nodiscard]] std::string text_member(const Json& json, const char* name);

}  // namespace understudy
