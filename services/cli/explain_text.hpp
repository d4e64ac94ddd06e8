#pragma once

/// Explanations as text of up to 100 columns.

#include <iosfwd>

#include "services/cli/explain_search.hpp"

namespace understudy {

void write_walk(std::ostream& out, const WalkExplanation& told);
void write_record(std::ostream& out, const RecordExplanation& told);

}  // namespace understudy
