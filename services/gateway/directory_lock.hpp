#pragma once

/// One gateway for each directory: two would each keep the same HAProxy true,
/// and the one that ends would end it for both.
///
/// Thread safety: one object per gateway. The kernel gives the lock back when
/// the process ends, however it ends.

#include <string>
#include <utility>

#include "actors/core/result.hpp"
#include "services/event_log/descriptor.hpp"

namespace understudy::gateway {

class DirectoryLock {
 public:
  /// Holds nothing.
  DirectoryLock() = default;

  /// Errors: `already_held`, with the process that holds it; `unavailable`
  /// when nothing can be written there.
  [[nodiscard]] static Result<DirectoryLock> take(const std::string& directory);

 private:
  explicit DirectoryLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace understudy::gateway
