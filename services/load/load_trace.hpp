#pragma once

/// Recorded request rates: one rate per step of equal length. After its end
/// it begins again, so that a run may be longer than the recording. The file
/// format is described in services/load/README.md.
///
/// Thread safety: immutable once read.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/core/result.hpp"

namespace understudy {

class LoadTrace {
 public:
  /// Errors: as `read_text_file`, and `invalid_input` that names the line.
  static Result<LoadTrace> read(const std::string& path);
  /// `name` stands in messages.
  static Result<LoadTrace> parse(const std::string& name,
                                 std::string_view text);

  [[nodiscard]] Instant start() const { return start_; }
  [[nodiscard]] Instant end() const;
  [[nodiscard]] std::uint64_t step_s() const { return step_s_; }
  [[nodiscard]] std::size_t steps() const { return rates_.size(); }

  /// Thousandths of a request per second.
  [[nodiscard]] std::int64_t rate_milli(Instant at) const;
  /// The first instant after `at` at which the rate may change.
  [[nodiscard]] Instant next_change(Instant at) const;

 private:
  friend class LoadTraceParser;

  Instant start_;
  std::uint64_t step_s_ = 1;
  std::vector<std::int64_t> rates_;
};

}  // namespace understudy
