#pragma once

/// Which events of the log are told in the daemon's own lines, and how: one
/// sentence, with endpoint, operation and position.

#include "actors/runtime/record.hpp"

namespace understudy {

/// `record` knows its position number.
void tell_event(const Record& record);

}  // namespace understudy
