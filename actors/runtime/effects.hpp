#pragma once

/// Carries out what actors owe the outside world, and nothing else does.
///
/// It is given, stream by stream, all effects that are outstanding after what
/// is durable; it starts those that are not running and drops those that are
/// no longer listed. Every outcome goes back as an input from outside.
///
/// Thread safety: its functions are called by the journal alone; the ports'
/// callbacks may come from any thread. Ports must outlive it.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/ports/capacity_provider.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/health_probe.hpp"
#include "actors/ports/load_meter.hpp"
#include "actors/runtime/dispatch.hpp"

namespace understudy {

/// The outside world of one partition.
struct World {
  Clock& clock;
  CapacityProvider& capacity;
  HealthProbe& probe;
  LoadMeter& load;
};

class Effects {
 public:
  /// Thread-safe: called from any thread with an outcome.
  using Submitter = std::function<void(StreamId, OutsideInput)>;
  /// Thread-safe: called from any thread with what the provider reports.
  using NoticeReceiver = std::function<void(ProviderNotice)>;
  using ListReceiver = std::function<void(std::vector<ProviderInstance>)>;

  /// `owner` marks this control plane's instances at the provider.
  Effects(World world, std::string owner, Submitter submit,
          NoticeReceiver notice);
  ~Effects();
  Effects(const Effects&) = delete;
  Effects& operator=(const Effects&) = delete;

  /// `wanted` are all effects of `stream` that are owed now.
  void update(const StreamId& stream, std::vector<AnyEffect> wanted);

  /// Streams of instances that exist as far as the log knows.
  [[nodiscard]] std::vector<StreamId> live_instances() const;
  [[nodiscard]] bool owes(const StreamId& stream) const;
  /// The live instance that the provider calls so. One that is too new to be
  /// known by that name is guessed from its token.
  [[nodiscard]] std::optional<StreamId> instance_of(
      const std::string& provider_ref, const std::string& token,
      std::uint32_t index) const;

  /// Asks the provider what exists. A failed call is tried again.
  void list(ListReceiver receive);

  /// No outcome is submitted any more.
  void close();

 private:
  struct Core;
  void start(const StreamId& stream, const AnyEffect& effect);
  void cancel(const StreamId& stream, const AnyEffect& effect);

  std::shared_ptr<Core> core_;
  std::map<StreamId, std::vector<AnyEffect>> running_;
  std::unordered_map<std::string, StreamId> by_ref_;  ///< Live instances.
};

/// `E/V/P/request-attempt`, of the pool's stream.
[[nodiscard]] std::string launch_token(const StreamId& pool, RequestId request,
                                       std::uint16_t attempt);

/// What a token names; nothing when it is none of ours.
struct TokenParts {
  StreamId pool;
  RequestId request;
  std::uint16_t attempt = 0;
};
[[nodiscard]] std::optional<TokenParts> parse_token(std::string_view token);

}  // namespace understudy
