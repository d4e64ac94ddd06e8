#pragma once

/// A provider whose instances are processes of this machine. What it promises
/// stands in services/capacity/README.md.
///
/// Thread safety: all calls from any thread. Ownership: the clock must
/// outlive it. Callbacks run on its own thread, outside of its locks. When it
/// ends the processes go on.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/ports/capacity_provider.hpp"
#include "actors/ports/clock.hpp"
#include "services/capacity/instance_output.hpp"
#include "services/capacity/operated_capacity.hpp"
#include "services/capacity/process_catalogue.hpp"

namespace understudy {

/// What whoever probes instances knows of one that ended.
enum class EndSeen : std::uint8_t {
  unknown,   ///< Nobody watches it, yet.
  starting,  ///< It had not been ready: this end is a failed start.
  serving,
};

class ProcessCapacity final : public CapacityProvider,
                              public OperatedCapacity,
                              public InstanceOutput {
 public:
  /// Errors: `unavailable` when the directory cannot be used.
  [[nodiscard]] static Result<std::unique_ptr<ProcessCapacity>> open(
      Clock& clock, ProcessCatalogue catalogue, const std::string& directory);
  ~ProcessCapacity() override;
  ProcessCapacity(const ProcessCapacity&) = delete;
  ProcessCapacity& operator=(const ProcessCapacity&) = delete;

  void launch(const LaunchCall& call,
              std::function<void(LaunchAnswer)> done) override;
  void terminate(const std::string& provider_ref, Instant requested_at,
                 std::function<void(TerminateAnswer)> done) override;
  void list(
      const std::string& owner,
      std::function<void(Result<std::vector<ProviderInstance>>)> done) override;
  void on_notice(std::function<void(ProviderNotice)> notice) override;

  [[nodiscard]] Result<std::vector<OfferingState>> offering_states()
      const override;
  Result<OfferingState> change_offering(const CapacityChange& change) override;

  [[nodiscard]] Result<OutputPiece> output(const std::string& provider_ref,
                                           const OutputPlace& from,
                                           std::size_t most) const override;

  /// Asked before the notice of an end that nobody asked for. Where the
  /// answer is not `serving` the notice waits, so that a failed start is
  /// known as one first. It is in force when this returns; not to be called
  /// from a callback.
  using EndReceiver = std::function<EndSeen(const std::string& provider_ref,
                                            const std::string& detail)>;
  void on_end(EndReceiver receive);

  /// How it ended and what it wrote last; nothing while it is not gone.
  [[nodiscard]] std::optional<std::string> how_it_ended(
      const std::string& provider_ref) const;

 private:
  class Inside;
  explicit ProcessCapacity(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace understudy
