#pragma once

/// The way from a record back to the input from outside that caused it, and
/// forward to what it caused.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/runtime/record.hpp"
#include "services/projection/explanation.hpp"

namespace understudy {

/// Gives the record at a position of the log.
using RecordAt = std::function<Result<Record>(std::uint64_t)>;

[[nodiscard]] Line line_of(const Record& record);

/// The chain of causes of `record`, the input from outside first and
/// `record` itself last. From a provider's answer it goes on to the launch
/// call that was answered. Of each decision on the way it holds the record
/// that told the next one, with the load that was looked at before a scaling
/// decision. Errors: as `record_at`; `corrupt` when a cause is not earlier
/// than its effect.
[[nodiscard]] Result<std::vector<Line>> causes_of(const Record& record,
                                                  const RecordAt& record_at);

/// Collects the records of the same decision, and those of the decisions that
/// a record caused. Fed with records in order, from the decision's first.
class Consequences {
 public:
  explicit Consequences(const Record& of);

  void see(const Record& record);

  /// Where reading must begin.
  [[nodiscard]] std::uint64_t first() const { return first_; }
  [[nodiscard]] const std::vector<Line>& decision() const { return decision_; }
  [[nodiscard]] const std::vector<Line>& caused() const { return caused_; }

 private:
  StreamId of_;
  std::optional<pool::LaunchAttempted> call_;  ///< Answers are caused too.
  std::uint64_t position_;
  std::uint64_t first_;
  std::uint64_t last_;
  std::uint64_t following_ = 0;  ///< Last record of a caused decision.
  std::vector<Line> decision_;
  std::vector<Line> caused_;
};

}  // namespace understudy
