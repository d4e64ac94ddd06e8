#pragma once

/// The gateway's own small HTTP server: whether it lives, whether it is
/// ready, and its figures. Requests to endpoints never pass here.
///
/// Thread safety: `stop` belongs to its owner. Ownership: the functions are
/// called from threads of the server's until it has stopped.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "actors/core/result.hpp"

namespace understudy::gateway {

struct StatusParts {
  /// Why it is not ready; empty when it is.
  std::function<std::string()> not_ready;
  std::function<std::string()> metrics;
};

class StatusServer {
 public:
  /// `listen` is HOST:PORT; port 0 stands for a free one. Errors:
  /// `unavailable` when the address is taken.
  [[nodiscard]] static Result<std::unique_ptr<StatusServer>> start(
      const std::string& listen, StatusParts parts);
  ~StatusServer();
  StatusServer(const StatusServer&) = delete;
  StatusServer& operator=(const StatusServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Inside;
  explicit StatusServer(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace understudy::gateway
