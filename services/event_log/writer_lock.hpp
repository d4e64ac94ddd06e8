#pragma once

/// One writer per log directory.
///
/// The file `LOCK` is locked while a writer has the log open, and names its
/// process. The kernel gives the lock back when the process ends,
/// however it ends. Thread safety: one object per writer.

#include <cstdint>
#include <filesystem>
#include <optional>

#include "actors/core/result.hpp"
#include "services/event_log/descriptor.hpp"

namespace understudy::lmdb {

class WriterLock {
 public:
  /// Errors: `already_held` when there is a writer, in whatever process;
  /// `unavailable` when the directory cannot be written.
  [[nodiscard]] static Result<WriterLock> take(
      const std::filesystem::path& directory);

  /// True when some process has the log open for writing.
  [[nodiscard]] static bool is_held(const std::filesystem::path& directory);

  /// The process that has it open for writing, 0 when it has not said yet;
  /// nothing when there is none.
  [[nodiscard]] static std::optional<std::uint64_t> holder(
      const std::filesystem::path& directory);

 private:
  explicit WriterLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace understudy::lmdb
