#pragma once

/// Sends load facts to a daemon, the newest at any time: what could not be
/// sent is not sent late.
///
/// Thread safety: all calls from any thread.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "services/client/server_address.hpp"
#include "services/load/load_report.hpp"

namespace understudy::gateway {

class Publisher {
 public:
  explicit Publisher(ServerAccess access);
  /// Sends what is left, for a moment.
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  void publish(const LoadReport& report);

  /// Why the last one did not arrive; nothing when it did.
  [[nodiscard]] std::optional<std::string> trouble() const;

 private:
  void run();

  const ServerAccess access_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::string> next_;
  std::optional<std::string> trouble_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace understudy::gateway
