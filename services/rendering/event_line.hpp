#pragma once

/// One event: as CloudEvents 1.0 for programs, as a line for people. Thread
/// safety: functions without state.

#include <iosfwd>

#include "actors/runtime/record.hpp"
#include "services/rendering/output.hpp"

namespace understudy {

/// `subject` is the stream, `id` the position, `data` the event;
/// `causeposition` names the event that led to this decision, `causeinput`
/// the input from outside; `decision` the first record of the same decision.
/// Where the input is a command, `command` is its id, `authid` who sent it,
/// `authtype` how that is known, and `traceparent` its trace.
[[nodiscard]] Json cloud_event(const Record& record);

/// The titles above the lines of `write_event_line`.
void write_event_titles(std::ostream& out);
void write_event_line(std::ostream& out, const Record& record);

}  // namespace understudy
