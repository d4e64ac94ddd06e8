#pragma once

/// What a daemon answers when it does not do what it was asked (RFC 9457).
///
/// Thread safety: plain values and functions without state.

#include <string>

#include "actors/core/result.hpp"
#include "services/client/http_client.hpp"
#include "services/codec/json.hpp"

namespace understudy {

struct ServerProblem {
  int status = 0;
  std::string reason;  ///< A code of the daemon's page /docs/problems.
  std::string detail;
  Json body = Json::object();  ///< As it came.
};

/// Of an answer that is none of success. What is no problem document gets
/// the reason `unexpected-answer`.
[[nodiscard]] ServerProblem problem_of(const HttpAnswer& answer);

/// Whether nothing was done and the same request may do better soon.
[[nodiscard]] bool is_passing(const ServerProblem& problem);

/// One line: `not_found` for 404, `unavailable` where the daemon is to blame,
/// `invalid_input` for the rest.
[[nodiscard]] Error error_of(const ServerProblem& problem,
                             const ServerAddress& address);

/// One line for an answer that did not come.
[[nodiscard]] Error error_of_silence(const HttpAnswer& answer,
                                     const ServerAddress& address);

}  // namespace understudy
