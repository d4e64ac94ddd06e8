#pragma once

/// Health as a container tells it: GET the ping path, 200 is good, everything
/// else is bad. One thread probes all instances, so many at a time.
///
/// An instance is probed at once and then every interval from there on,
/// however long the answers take. A watch reports when its threshold is
/// reached, not again while that lasts.
///
/// Thread safety: all calls from any thread. Ownership: clock and sources
/// must outlive it. Reports come from its own thread.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/ports/clock.hpp"
#include "actors/ports/health_probe.hpp"
#include "services/load/instance_load.hpp"

namespace understudy {

struct HttpProbeOptions {
  std::size_t most_at_once = 128;
  /// How it ended, of an instance by its provider_ref, once it is gone. May
  /// be empty.
  std::function<std::optional<std::string>(const std::string&)> how_it_ended;
  /// Who knows what is in flight. Null: nobody routes requests through this
  /// system, so a drain has nothing to wait for that it could know of.
  const InstanceLoad* load = nullptr;
};

class HttpProbe final : public HealthProbe {
 public:
  HttpProbe(Clock& clock, HttpProbeOptions options);
  ~HttpProbe() override;
  HttpProbe(const HttpProbe&) = delete;
  HttpProbe& operator=(const HttpProbe&) = delete;

  void watch(const WatchCall& call,
             std::function<void(ProbeOutcome)> report) override;
  void await_drained(const DrainCall& call,
                     std::function<void(std::uint32_t)> done) override;
  void forget(const std::string& stream) override;

  enum class Seen : std::uint8_t {
    unknown,   ///< Nobody watches it.
    starting,  ///< It was never ready; its watch was told now.
    serving,
  };
  /// An instance ended by itself.
  Seen ended(const std::string& provider_ref, const std::string& detail);

 private:
  class Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace understudy
