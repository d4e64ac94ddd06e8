#pragma once

/// Refusals of the process provider, typed by what they mean.
///
/// Thread safety: pure functions.

#include <string>

#include "actors/ports/capacity_provider.hpp"
#include "services/capacity/process_spawn.hpp"

namespace understudy::process_refusal {

/// `refused` is left to the caller.
[[nodiscard]] LaunchAnswer full(const Offering& offering,
                                std::uint32_t capacity);
[[nodiscard]] LaunchAnswer closed(const Offering& offering);
[[nodiscard]] LaunchAnswer no_port(std::uint32_t from, std::uint32_t to);
[[nodiscard]] LaunchAnswer unknown_offering(const Offering& offering);
[[nodiscard]] LaunchAnswer no_program(const std::string& message);
/// The directory cannot be used just now: nobody's fault, to be tried again.
[[nodiscard]] LaunchAnswer directory(const std::string& message);
/// By errno: the system has no room for more processes (quota), no memory
/// just now (throttled), or it can never be started (infeasible).
[[nodiscard]] LaunchAnswer spawn(const SpawnAnswer& failed,
                                 const std::string& program,
                                 const std::string& working_directory);

}  // namespace understudy::process_refusal
