#pragma once

/// What the handlers that show things have in common. Thread safety:
/// functions without state.

#include <sstream>
#include <string>

#include "services/api/api.hpp"
#include "services/api/problem.hpp"
#include "services/rendering/output.hpp"

namespace understudy {

/// A text in the form that was asked for.
[[nodiscard]] ApiAnswer shown_text(Output output, std::string text);

/// JSON or YAML.
[[nodiscard]] ApiAnswer shown_json(Output output, const Json& json);

/// What `/readyz` says, in words where the query has `verbose`.
[[nodiscard]] ApiAnswer shown_readiness(const Readiness& now,
                                        const ApiCall& call);

/// How far the view had read, and what time it is there.
void add_position(ApiAnswer& answer, std::uint64_t position, Instant now);

/// `not_found` as 404, what the caller did wrong as 400 about the parameter
/// `name`, anything else as 503: it is the log's fault.
[[nodiscard]] ApiAnswer answer_of(const Error& error, std::string_view name);

/// How long a request waits until it may read the log.
inline constexpr std::chrono::milliseconds longest_turn_wait{5000};
[[nodiscard]] ApiAnswer log_is_busy(const Error& error);

}  // namespace understudy
