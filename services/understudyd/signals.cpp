#include "services/understudyd/signals.hpp"

#include <ctime>

namespace understudy {

StopSignals::StopSignals(std::initializer_list<int> more) {
  sigemptyset(&set_);
  sigaddset(&set_, SIGTERM);
  sigaddset(&set_, SIGINT);
  for (const int signal : more)
    sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

std::optional<int> StopSignals::wait(std::chrono::milliseconds wait) {
  const auto ms = wait.count();
  const std::timespec longest{static_cast<std::time_t>(ms / 1000),
                              static_cast<long>(ms % 1000 * 1'000'000)};
  const int signal = sigtimedwait(&set_, nullptr, &longest);
  if (signal < 0) return std::nullopt;
  return signal;
}

}  // namespace understudy
