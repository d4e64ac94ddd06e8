#pragma once

/// SIGTERM and SIGINT as something to wait for.

#include <chrono>
#include <csignal>
#include <initializer_list>
#include <optional>

namespace understudy {

/// Blocks both in this thread and all that it starts: make it first. They
/// stay blocked: a second SIGTERM must not end a stop that goes well.
class StopSignals {
 public:
  /// `more` are waited for as well.
  explicit StopSignals(std::initializer_list<int> more = {});
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// The signal that came, or nothing after `wait`.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds wait);

 private:
  sigset_t set_;
};

}  // namespace understudy
