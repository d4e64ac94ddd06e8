#pragma once

/// Events and records that came as JSON, as the daemon's API and the stream
/// of events write them, read back: what shows events of a log can show those
/// of a daemon.
///
/// Thread safety: functions without state.

#include <optional>
#include <string>

#include "actors/runtime/record.hpp"
#include "services/codec/json.hpp"

namespace understudy {

/// The event of a type. Nothing when this build does not know the type or
/// the fields are not as it knows them; fields it does not know are passed
/// over. A time that was none (null) is 0.
[[nodiscard]] std::optional<AnyEvent> read_event_json(const std::string& type,
                                                      const Json& data);

/// A CloudEvent as a record: position, stream, time, version, event; what
/// led to it is left out. Nothing when it is not of that form.
[[nodiscard]] std::optional<Record> read_cloud_event(const Json& json);

}  // namespace understudy
