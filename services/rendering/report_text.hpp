#pragma once

/// A report as text. `stats` prints it, and `simulate` at its end.

#include <iosfwd>

#include "services/projection/report.hpp"

namespace understudy {

void write_report(std::ostream& out, const Report& report);

}  // namespace understudy
