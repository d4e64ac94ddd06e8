#pragma once

/// From an offering and a launch to what is executed: the program found, the
/// arguments and the environment filled in.
///
/// Thread safety: pure functions, but for the file system and the process's
/// own environment, which are read.

#include <cstdint>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "services/capacity/process_catalogue.hpp"

namespace understudy {

/// What one instance is told.
struct ProcessTold {
  std::string reference;  ///< The provider's name for it.
  std::string owner;
  std::string token;
  std::string endpoint;
  std::string model;
  std::string host;
  std::uint32_t port = 0;
  std::uint32_t max_concurrency = 1;
  /// Of the launch call; weighs more than the offering's.
  std::vector<EnvironmentVariable> environment;
};

/// The mark by which a process is known to belong to an instance.
[[nodiscard]] std::string process_mark(const std::string& reference);

/// An absolute path to an executable file. Errors: `not_found` when there is
/// none, `invalid_input` when it is not executable, or no program.
[[nodiscard]] Result<std::string> find_program(const ProcessOffering& offering);

[[nodiscard]] std::vector<std::string> process_arguments(
    const ProcessOffering& offering, const ProcessTold& told);

/// NAME=VALUE: the daemon's own without what is meant for the daemon, then
/// the offering's, the call's, and what the instance is told. Later ones
/// replace earlier ones.
[[nodiscard]] std::vector<std::string> process_environment(
    const ProcessOffering& offering, const ProcessTold& told);

}  // namespace understudy
