#pragma once

/// Answers at the daemon's address while there is no log to serve from: that
/// the daemon lives, that it is not ready, and why. Whatever else is asked is
/// refused with 503 `not-ready`, to be asked again.
///
/// Thread safety: `tell` from any thread; the rest belongs to its owner.

#include <memory>
#include <string>

#include "actors/core/result.hpp"
#include "services/config/settings.hpp"
#include "services/event_log/descriptor.hpp"

namespace understudy {

class WaitingRoom {
 public:
  /// `listening` stays the caller's, who serves there afterwards. Errors:
  /// `unavailable` when the process has no more descriptors.
  [[nodiscard]] static Result<std::unique_ptr<WaitingRoom>> open(
      const ApiSettings& settings, const Descriptor& listening);
  ~WaitingRoom();
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  /// Why there is no log.
  void tell(std::string why);

 private:
  struct Inside;
  explicit WaitingRoom(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace understudy
