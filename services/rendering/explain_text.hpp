#pragma once

/// Explanations as text of up to 100 columns.

#include <iosfwd>
#include <string>

#include "services/rendering/explain_search.hpp"
#include "services/rendering/output.hpp"

namespace understudy {

/// Answers a question about the log in the form asked for; `text` as
/// `find_subject` takes it, `chain` for the records alone. Errors: as
/// `find_subject`; nothing is written then.
Result<void> write_explanation(std::ostream& out, Output output,
                               LogReader& reader, const std::string& text,
                               bool chain = false);

[[nodiscard]] Json record_explanation_json(const RecordExplanation& told);
[[nodiscard]] Json walk_explanation_json(const WalkExplanation& told);

void write_walk(std::ostream& out, const WalkExplanation& told);
void write_record(std::ostream& out, const RecordExplanation& told);

}  // namespace understudy
