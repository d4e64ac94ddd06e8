#pragma once

/// Recorded capacity: for each offering a step function of time that says
/// how many instances it would have given. The file format is described in
/// services/capacity/README.md.
///
/// Thread safety: immutable once read.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/core/result.hpp"
#include "actors/core/specification.hpp"

namespace understudy {

struct CapacityStep {
  Instant from;
  std::uint32_t capacity = 0;
  friend bool operator==(const CapacityStep&, const CapacityStep&) = default;
};

class CapacityTrace {
 public:
  /// Errors: as `read_text_file`, and `invalid_input` that names the line.
  static Result<CapacityTrace> read(const std::string& path);
  /// `name` stands in messages.
  static Result<CapacityTrace> parse(const std::string& name,
                                     std::string_view text);

  [[nodiscard]] Instant start() const { return start_; }
  [[nodiscard]] Instant end() const { return end_; }

  /// In the order of the file.
  [[nodiscard]] const std::vector<Offering>& offerings() const {
    return offerings_;
  }

  /// The value in force at `at`; nothing for an offering that is not in the
  /// trace. Before the start the first value counts, after the end the last.
  [[nodiscard]] std::optional<std::uint32_t> at(const Offering& offering,
                                                Instant at) const;

  /// In rising order, the first at the start, at least one. Empty for an
  /// offering that is not in the trace.
  [[nodiscard]] const std::vector<CapacityStep>& steps(
      const Offering& offering) const;

 private:
  friend class CapacityTraceParser;

  Instant start_;
  Instant end_;
  std::vector<Offering> offerings_;
  std::map<Offering, std::vector<CapacityStep>> steps_;
};

}  // namespace understudy
