#pragma once

/// A provider with bounds around it: so many calls at once, in all and for
/// each endpoint, each with a deadline and exactly one answer. A provider
/// that hangs, answers twice or answers late harms nobody but itself.
///
/// A launch without an answer in time is answered `unknown`, so its pool asks
/// the provider's list what became of it; an ending is answered `failed` and
/// is asked for again; a list is an error. What comes later is not listened
/// to. What waits for its turn is bounded by what the fleet owes.
///
/// Thread safety: all calls from any thread. Ownership: provider and clock
/// must outlive it; an answer may come after it is gone.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "actors/ports/capacity_provider.hpp"
#include "actors/ports/clock.hpp"
#include "services/capacity/call_gate.hpp"

namespace understudy {

struct CapacityLimits {
  CallLimits calls;
  std::uint32_t timeout_ms = 120'000;
};

class BoundedCapacity final : public CapacityProvider {
 public:
  BoundedCapacity(Clock& clock, CapacityProvider& provider,
                  const CapacityLimits& limits);
  /// Calls that wait are forgotten; those that run are still answered.
  ~BoundedCapacity() override;
  BoundedCapacity(const BoundedCapacity&) = delete;
  BoundedCapacity& operator=(const BoundedCapacity&) = delete;

  void launch(const LaunchCall& call,
              std::function<void(LaunchAnswer)> done) override;
  void terminate(const std::string& provider_ref, Instant requested_at,
                 std::function<void(TerminateAnswer)> done) override;
  void list(
      const std::string& owner,
      std::function<void(Result<std::vector<ProviderInstance>>)> done) override;
  void on_notice(std::function<void(ProviderNotice)> notice) override;

  struct Counts {
    std::size_t running = 0;
    std::size_t waiting = 0;
    std::uint64_t timed_out = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  struct Core;

  CapacityProvider& provider_;
  std::shared_ptr<Core> core_;
};

}  // namespace understudy
