#pragma once

/// What stands behind the ports of one daemon: clock, provider, probe, load.
///
/// It is shown every record of the log, in order: first those that were
/// there, then each one as it becomes durable. After `recovered` the runtime
/// may call the ports.

#include <memory>

#include "actors/core/result.hpp"
#include "actors/runtime/effects.hpp"
#include "actors/runtime/record.hpp"

namespace understudy {

/// Thread safety: `see` and `recovered` from one thread at a time; the ports
/// as they say.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  [[nodiscard]] virtual World world() = 0;
  virtual void see(const Record& record) = 0;
  /// All that was in the log has been seen.
  virtual void recovered() = 0;
};

}  // namespace understudy
