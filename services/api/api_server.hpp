#pragma once

/// The daemon's HTTP API: commands, queries, the stream of events, health and
/// metrics. services/api/openapi.json describes it and is served by it.
///
/// Thread safety: `stop` from one thread; the rest after `start` from any.
/// Ownership: everything in `ApiParts` must outlive the server.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "services/capacity/instance_output.hpp"
#include "services/capacity/operated_capacity.hpp"
#include "services/config/settings.hpp"
#include "services/control/control_plane.hpp"
#include "services/event_log/descriptor.hpp"
#include "services/load/load_desk.hpp"

namespace understudy {

/// A finished request, for metrics and lines.
struct ApiRequest {
  std::string route;  ///< As in the description, such as `/v1/commands`.
  std::string method;
  int status = 0;
  std::int64_t duration_us = 0;
};

struct ApiParts {
  ControlPlane& plane;
  /// The text of /metrics.
  std::function<std::string()> metrics;
  /// Null when capacity cannot be operated.
  OperatedCapacity* capacity = nullptr;
  /// Called from any thread; may be empty.
  std::function<void(const ApiRequest&)> served;
  /// Null when nobody keeps what instances write.
  const InstanceOutput* output = nullptr;
  /// Takes what gateways report; null when load is not metered by them.
  LoadDesk* load = nullptr;
};

class ApiServer {
 public:
  /// Takes the address, so that a port that is taken is found before anything
  /// else is begun. Clients wait until `start`. Errors: `unavailable` when
  /// the address is taken.
  [[nodiscard]] static Result<Descriptor> bind(const ApiSettings& settings);

  /// Reads the tokens and serves at what `bind` returned. Errors:
  /// `invalid_input` for a token file that is missing, empty, or readable by
  /// others than its owner.
  [[nodiscard]] static Result<std::unique_ptr<ApiServer>> start(
      const ApiSettings& settings, ApiParts parts, Descriptor listening);

  /// Both in one.
  [[nodiscard]] static Result<std::unique_ptr<ApiServer>> start(
      const ApiSettings& settings, ApiParts parts);
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Of those that follow the events now.
  [[nodiscard]] std::size_t followers() const;

  /// Takes no request any more, ends the followers, finishes the others.
  void stop();

 private:
  struct Inside;
  explicit ApiServer(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace understudy
