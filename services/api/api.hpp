#pragma once

/// The API without its sockets: a request goes in, an answer comes out.
///
/// A request is judged in two steps. `refuse` looks at its head alone, so
/// that nobody sends a body in vain; `answer` does what it asks for.
///
/// Thread safety: all calls from any thread. Ownership: what `ApiParts` and
/// the settings refer to must outlive it.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "services/api/api_server.hpp"
#include "services/api/event_stream.hpp"
#include "services/api/log_readings.hpp"
#include "services/api/message.hpp"
#include "services/api/problem.hpp"
#include "services/api/tokens.hpp"

namespace understudy {

struct Route;

class Api {
 public:
  Api(const ApiSettings& settings, ApiParts parts, Tokens tokens);

  /// Where a request leads, and the refusal that its head deserves.
  struct Gate {
    const Route* route = nullptr;
    std::string pattern;  ///< Empty when there is no such path.
    std::optional<ApiAnswer> refusal;
  };
  /// Sets the names in the path of `call`.
  [[nodiscard]] Gate judge(ApiCall& call) const;
  [[nodiscard]] ApiAnswer answer(const Route& route, const ApiCall& call);

  /// For the handlers.
  [[nodiscard]] ControlPlane& plane() const { return parts_.plane; }
  [[nodiscard]] const ApiParts& parts() const { return parts_; }
  [[nodiscard]] const ApiSettings& settings() const { return settings_; }
  [[nodiscard]] bool needs_token() const { return tokens_.needed(); }
  [[nodiscard]] LogReadings& readings() { return readings_; }
  [[nodiscard]] Followers& followers() { return followers_; }

  /// A refusal when the log does not hold `position`.
  [[nodiscard]] std::optional<ApiAnswer> check_position(std::uint64_t position);
  /// Waits until the view has read what the parameter `after` names; a
  /// refusal when it is no position, is not in the log, or was not reached in
  /// time.
  [[nodiscard]] std::optional<ApiAnswer> await_position(const ApiCall& call);

 private:
  [[nodiscard]] std::optional<ApiAnswer> check_host(const ApiCall& call) const;
  [[nodiscard]] std::optional<ApiAnswer> check_access(
      const Route& route, const ApiCall& call) const;
  [[nodiscard]] std::optional<ApiAnswer> check_body(const Route& route,
                                                    const ApiCall& call) const;

  const ApiSettings settings_;
  const ApiParts parts_;
  const Tokens tokens_;
  LogReadings readings_;
  Followers followers_;
  /// Hosts that may be named; empty: any.
  std::vector<std::string> hosts_;
};

}  // namespace understudy
