#pragma once

/// What a pool owes the outside world. Effects compare by value: one that is
/// running and still listed is left alone, one that is no longer listed is
/// forgotten.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/specification.hpp"

namespace understudy::pool {

/// Calls the provider; answered by `LaunchOutcome`.
struct Launch {
  static constexpr std::string_view name = "launch";
  OperationId operation;
  RequestId request;
  std::uint16_t attempt = 0;
  Offering offering;
  std::uint32_t count = 0;
  std::string model;
  Instant requested_at;  ///< When the intent was recorded.
  std::vector<EnvironmentVariable> environment;
  std::uint32_t max_concurrency = 0;
  UNDERSTUDY_FIELDS(Launch, operation, request, attempt, offering, count, model,
                    requested_at, environment, max_concurrency)
};

/// P6. Asks the provider's list for one attempt; answered by `Reconciled`.
struct Reconcile {
  static constexpr std::string_view name = "reconcile";
  RequestId request;
  std::uint16_t attempt = 0;
  Offering offering;
  Instant requested_at;
  UNDERSTUDY_FIELDS(Reconcile, request, attempt, offering, requested_at)
};

/// Ends an instance that nobody wants; repeated until `OrphanGone`.
struct GiveBack {
  static constexpr std::string_view name = "give-back";
  std::string provider_ref;
  Instant requested_at;
  UNDERSTUDY_FIELDS(GiveBack, provider_ref, requested_at)
};

using Effect = std::variant<Launch, Reconcile, GiveBack>;

}  // namespace understudy::pool
