#pragma once

/// The CAF actor system behind a `Runtime`.

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "actors/runtime/partition.hpp"

namespace understudy {

struct Runtime::System {
  explicit System(Mode mode, std::size_t threads);

  caf::actor_system_config config;
  caf::actor_system actors;

 private:
  /// Must be filled before `actors` is made.
  static void configure(caf::actor_system_config& config, Mode mode,
                        std::size_t threads);
};

}  // namespace understudy
