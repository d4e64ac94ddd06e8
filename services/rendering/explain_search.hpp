#pragma once

/// Finds in a log what `explain` shows.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/projection/explanation.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy {

/// A walk of an operation through its pools, for the sake of a fallback or
/// of one instance.
struct WalkSubject {
  std::string endpoint;
  OperationId operation;
  std::uint64_t focus = 0;     ///< A position within the walk.
  std::uint64_t fallback = 0;  ///< The decision that is asked about, or 0.
  InstanceId instance;         ///< 0 when it is about a fallback.
};

struct Subject {
  std::string note;  ///< What was chosen in place of what was asked for.
  std::uint64_t position = 0;
  std::optional<WalkSubject> walk;
};

struct WalkExplanation {
  Line decision;  ///< The fallback, or the instance's launch.
  std::vector<Line> causes;
  OperationExplanation operation;
  std::string instance;    ///< Empty for a fallback.
  std::vector<Line> life;  ///< Of the instance.
  std::vector<Line> end_causes;
  UNDERSTUDY_FIELDS(WalkExplanation, decision, causes, operation, instance,
                    life, end_causes)
};

struct RecordExplanation {
  Line record;
  std::string data;  ///< The event as JSON.
  std::vector<Line> causes;
  std::vector<Line> decision;  ///< The records of the same decision.
  std::vector<Line> caused;
  UNDERSTUDY_FIELDS(RecordExplanation, record, data, causes, decision, caused)
};

/// `text` is an endpoint, `ENDPOINT/INSTANCE` or a position. Errors:
/// `not_found`, with what would be accepted.
[[nodiscard]] Result<Subject> find_subject(LogReader& reader,
                                           const std::string& text);

[[nodiscard]] Result<WalkExplanation> explain_walk(LogReader& reader,
                                                   const WalkSubject& subject);
[[nodiscard]] Result<RecordExplanation> explain_record(LogReader& reader,
                                                       std::uint64_t position);

}  // namespace understudy
