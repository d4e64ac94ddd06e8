#pragma once

/// Starts one process of its own session, so that whoever reads the directory
/// afterwards knows of it, whatever was killed in between.
///
/// The child itself writes who it is before it becomes the program. It holds
/// the directory's lock, which it inherits, until then: whoever gets the lock
/// sees either that file or knows that there is no process.
///
/// Thread safety: one call at a time for one lock.

#include <string>
#include <vector>

#include "services/capacity/process_identity.hpp"

namespace understudy {

struct SpawnCall {
  std::string program;  ///< An absolute path.
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  ///< NAME=VALUE.
  std::string working_directory;
  std::string output_file;    ///< Appended to.
  std::string identity_file;  ///< Replaced, before the program begins.
};

enum class SpawnStep : std::uint8_t {
  fork,
  output,
  identity,
  working_directory,
  program,
};

struct SpawnAnswer {
  pid_t pid = 0;  ///< 0: it was not started, for the reason below.
  SpawnStep step = SpawnStep::fork;
  int error = 0;  ///< errno.
};

/// Returns when the program has begun, or has not.
[[nodiscard]] SpawnAnswer spawn_process(const SpawnCall& call);

}  // namespace understudy
