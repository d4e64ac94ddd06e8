#pragma once

/// What a pool knows: its offerings, the requests it still owes an answer,
/// and the instances it is giving back. Changed by `evolve` alone.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/core/describe.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/refusal.hpp"
#include "actors/core/specification.hpp"

namespace understudy::pool {

/// One offering of the specification, and what its refusals taught.
struct OfferingState {
  Offering offering;
  std::uint32_t level = 0;   ///< Capacity refusals in a row.
  Instant cooling_until;     ///< 0 when it is not cooling down.
  Instant throttled_until;   ///< 0 when no patience was asked for.
  std::uint32_t budget = 0;  ///< Instances in flight at most; 0: no limit.
  bool infeasible = false;   ///< For this specification, for ever.
  std::string code;          ///< Of the refusal that closed it.
  std::string message;
  UNDERSTUDY_FIELDS(OfferingState, offering, level, cooling_until,
                    throttled_until, budget, infeasible, code, message)

  [[nodiscard]] bool cooling() const { return cooling_until.us != 0; }
};

/// A launch call whose outcome is not known yet.
struct Attempt {
  std::uint16_t number = 0;
  Offering offering;
  std::uint32_t count = 0;
  std::string model;         ///< As it was when the call was intended.
  Instant requested_at;      ///< Of the call, or of the question about it.
  bool unconfirmed = false;  ///< P6. The provider's list is being asked.
  bool outdated = false;     ///< The specification changed since.
  // As they were when the call was intended, like the model.
  std::vector<EnvironmentVariable> environment;
  std::uint32_t max_concurrency = 0;
  UNDERSTUDY_FIELDS(Attempt, number, offering, count, model, requested_at,
                    unconfirmed, outdated, environment, max_concurrency)
};

/// A request that is not answered in full.
struct OpenRequest {
  OperationId operation;
  std::uint32_t count = 0;
  std::uint32_t granted = 0;
  std::uint32_t withdrawn = 0;
  std::uint16_t attempts = 0;  ///< Made so far.
  std::optional<Attempt> attempt;
  std::vector<OfferingRefusal> refusals;  ///< Within this request.
  UNDERSTUDY_FIELDS(OpenRequest, operation, count, granted, withdrawn, attempts,
                    attempt, refusals)

  /// Still to be had, in flight or not. What was withdrawn during a launch
  /// call may be granted all the same, so this does not go below 0.
  [[nodiscard]] std::uint32_t wanted() const {
    const std::uint64_t settled = std::uint64_t{granted} + withdrawn;
    return settled < count ? static_cast<std::uint32_t>(count - settled) : 0;
  }
};

struct AttemptId {
  RequestId request;
  std::uint16_t attempt = 0;
  UNDERSTUDY_FIELDS(AttemptId, request, attempt)
};

struct State {
  bool configured = false;
  PoolSpec spec;
  CoolDownPolicy cool_down;
  HealthPolicy health;
  std::string model;
  std::vector<OfferingState> offerings;  ///< In the order they are asked.
  /// The highest request taken on. Requests come in the order of their
  /// numbers, so whatever is not above it was seen before.
  RequestId last_request;
  std::map<RequestId, OpenRequest> requests;
  /// The latest attempts that ended with nothing granted: what is granted
  /// for them after all is known to be nobody's.
  std::vector<AttemptId> ungranted;
  std::map<std::string, Instant> giving_back;  ///< By provider_ref, since.
  std::vector<EnvironmentVariable> environment;
  UNDERSTUDY_FIELDS(State, configured, spec, cool_down, health, model,
                    offerings, last_request, requests, ungranted, giving_back,
                    environment)
};

}  // namespace understudy::pool
