#pragma once

/// Where instances come from: a cloud, a simulation, local processes.
///
/// Every call is asynchronous and answers exactly once, from any thread,
/// never from inside the call. One contract suite stands over all providers
/// (tests/contract/capacity_provider_contract.hpp).

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/core/refusal.hpp"
#include "actors/core/result.hpp"
#include "actors/core/specification.hpp"

namespace understudy {

/// `token` is the idempotency token: the same token again gives the same
/// instances and never new ones, however often and after any crash.
struct LaunchCall {
  std::string owner;  ///< Marks the instances of one control plane.
  std::string token;  ///< `E/V/P/request-attempt`.
  Offering offering;
  std::uint32_t count = 0;
  std::string model;
  Instant requested_at;  ///< When the intent was recorded.
  std::vector<EnvironmentVariable> environment{};
  std::uint32_t max_concurrency = 1;  ///< Requests in flight on each.
};

struct ProviderInstance {
  std::string provider_ref;  ///< The provider's own id.
  std::string address;       ///< `host:port`; empty while unknown.
  std::string token;         ///< Of the call that launched it.
  std::uint32_t index = 0;   ///< Within that call, from 0.
};

/// All or part of what was asked. `kind` says why `refused` were not
/// granted; with `throttled` and `unknown` nothing is granted or refused.
struct LaunchAnswer {
  std::vector<ProviderInstance> granted;
  std::uint32_t refused = 0;
  RefusalKind kind = RefusalKind::none;
  std::string code;     ///< The provider's own code.
  std::string message;  ///< The provider's own text.
  std::uint32_t retry_after_ms = 0;
};

enum class TerminateAnswer : std::uint8_t {
  gone,    ///< It does not exist: done.
  ending,  ///< Accepted; ask again.
  failed,  ///< The call failed; ask again.
};

/// News that nobody asked for.
struct ProviderNotice {
  std::string provider_ref;
  std::string token;
  std::uint32_t index = 0;
  bool gone = false;   ///< It ended by itself; else it will be reclaimed.
  Instant reclaim_at;  ///< When it will be taken away.
  std::string detail;
};

/// Thread safety: all calls from any thread. Ownership: callbacks are kept
/// until they were called once (`on_notice`: until destruction).
class CapacityProvider {
 public:
  virtual ~CapacityProvider() = default;

  virtual void launch(const LaunchCall& call,
                      std::function<void(LaunchAnswer)> done) = 0;

  /// Ends one instance. Idempotent; repeat until the answer is `gone`.
  virtual void terminate(const std::string& provider_ref, Instant requested_at,
                         std::function<void(TerminateAnswer)> done) = 0;

  /// All live instances of an owner, in a fixed order.
  virtual void list(
      const std::string& owner,
      std::function<void(Result<std::vector<ProviderInstance>>)> done) = 0;

  /// Sets the one receiver of notices; call before the first launch.
  virtual void on_notice(std::function<void(ProviderNotice)> notice) = 0;
};

}  // namespace understudy
