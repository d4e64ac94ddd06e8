#pragma once

/// What an instance wrote, for those who look why it does not serve.
///
/// Thread safety: all calls from any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "actors/core/result.hpp"

namespace understudy {

/// Where a reading goes on. The output is kept in pieces that are numbered
/// by the file they stand in; whoever holds a place may find it gone.
struct OutputPlace {
  std::uint64_t offset = 0;
  bool from_end = false;  ///< `offset` counts back from the end, by lines.
};

struct OutputPiece {
  std::string bytes;
  std::uint64_t next = 0;  ///< The offset to go on at.
  bool gone = false;       ///< The instance is gone: nothing will follow.
};

class InstanceOutput {
 public:
  virtual ~InstanceOutput() = default;

  /// Up to `most` bytes. An offset beyond the end, after older output was
  /// let go of, goes on at the beginning. Errors: `not_found` when there is
  /// no such instance, or its output is not kept any more.
  [[nodiscard]] virtual Result<OutputPiece> output(
      const std::string& provider_ref, const OutputPlace& from,
      std::size_t most) const = 0;
};

}  // namespace understudy
