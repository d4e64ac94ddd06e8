#pragma once

/// The meter of a fleet whose requests nobody counts: it never hands over a
/// window, so nothing is scaled by load.
///
/// Thread safety: all calls from any thread.

#include "actors/ports/load_meter.hpp"

namespace understudy {

class NoLoad final : public LoadMeter {
 public:
  void start(const std::string& /*endpoint*/, const std::string& /*variant*/,
             std::uint32_t /*window_ms*/,
             std::function<void(LoadFacts)> /*window*/) override {}
  void stop(const std::string& /*endpoint*/,
            const std::string& /*variant*/) override {}
};

}  // namespace understudy
