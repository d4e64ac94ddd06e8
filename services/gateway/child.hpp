#pragma once

/// Runs a short program and reads what it says.
///
/// Thread safety: all calls from any thread.

#include <string>
#include <vector>

#include "actors/core/result.hpp"

namespace understudy::gateway {

struct ChildOutcome {
  int exit_code = 0;   ///< 128 + the signal that ended it.
  std::string output;  ///< Both streams, the first 64 KiB.
};

/// The program begins in a session of its own, with no signal blocked and
/// none of this process's files. What it leaves behind in the background must
/// have closed its output. `third`, where it is named, is a pipe that it has
/// open as its descriptor 3. Errors: `not_found` when it cannot be run.
[[nodiscard]] Result<ChildOutcome> run_child(
    const std::vector<std::string>& command, const std::string& third = {});

}  // namespace understudy::gateway
