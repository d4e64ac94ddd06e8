#include "services/capacity/process_refusal.hpp"

#include <cerrno>
#include <cstring>

namespace understudy::process_refusal {
namespace {

constexpr std::uint32_t again_ms = 5000;

LaunchAnswer made(RefusalKind kind, const char* code, std::string message,
                  std::uint32_t retry_after_ms = 0) {
  return {{}, 0, kind, code, std::move(message), retry_after_ms};
}

}  // namespace

LaunchAnswer full(const Offering& offering, std::uint32_t capacity) {
  return made(RefusalKind::capacity, "OFFERING_FULL",
              "all " + std::to_string(capacity) + " of " + to_string(offering) +
                  " are taken");
}

LaunchAnswer closed(const Offering& offering) {
  return made(RefusalKind::capacity, "OFFERING_CLOSED",
              to_string(offering) + " is closed by an operator");
}

LaunchAnswer no_port(std::uint32_t from, std::uint32_t to) {
  return made(RefusalKind::capacity, "NO_FREE_PORT",
              "no port from " + std::to_string(from) + " to " +
                  std::to_string(to) + " is free");
}

LaunchAnswer unknown_offering(const Offering& offering) {
  return made(RefusalKind::infeasible, "UNKNOWN_OFFERING",
              to_string(offering) + " is not in the catalogue");
}

LaunchAnswer no_program(const std::string& message) {
  return made(RefusalKind::infeasible, "NO_PROGRAM", message);
}

LaunchAnswer directory(const std::string& message) {
  return made(RefusalKind::throttled, "DIRECTORY_UNAVAILABLE", message,
              again_ms);
}

LaunchAnswer spawn(const SpawnAnswer& failed, const std::string& program,
                   const std::string& working_directory) {
  const std::string why = std::strerror(failed.error);
  switch (failed.error) {
    case EAGAIN:
      return made(RefusalKind::quota, "NO_MORE_PROCESSES",
                  "the system allows no more processes: " + why);
    case ENOMEM:
      return made(RefusalKind::throttled, "NO_MEMORY",
                  "no memory for another process: " + why, again_ms);
    case EMFILE:
    case ENFILE:
    case ETXTBSY:
      return made(RefusalKind::throttled, "SYSTEM_BUSY", program + ": " + why,
                  again_ms);
    default:
      break;
  }
  switch (failed.step) {
    case SpawnStep::fork:
    case SpawnStep::output:
    case SpawnStep::identity:
      return directory("the instance's files cannot be written: " + why);
    case SpawnStep::working_directory:
      return made(RefusalKind::infeasible, "NO_WORKING_DIRECTORY",
                  working_directory + ": cannot be entered: " + why);
    case SpawnStep::program:
      break;
  }
  return made(RefusalKind::infeasible, "NO_PROGRAM",
              program + ": cannot be executed: " + why);
}

}  // namespace understudy::process_refusal
