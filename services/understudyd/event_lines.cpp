#include "services/understudyd/event_lines.hpp"

#include <string>

#include "services/logging/logging.hpp"
#include "services/projection/position_number.hpp"
#include "services/projection/wording.hpp"

namespace understudy {
namespace {

/// What is neither trouble nor a step that operators wait for is detail.
LogLevel level_of(const AnyEvent& event) {
  const std::string_view name = event_name(event);
  for (const auto one : {"endpoint-failed", "provisioning-timed-out",
                         "instance-lost", "instance-unhealthy"}) {
    if (name == one) return LogLevel::warning;
  }
  for (const auto one :
       {"endpoint-created", "endpoint-updated", "endpoint-in-service",
        "endpoint-deleting", "endpoint-deleted", "fallback-chosen",
        "capacity-denied", "pools-exhausted", "scale-out", "scale-in",
        "command-refused", "reclaim-noticed", "operation-completed",
        "start-failed"}) {
    if (name == one) return LogLevel::info;
  }
  return LogLevel::debug;
}

std::string operation_of(const AnyEvent& event) {
  return std::visit(
      [](const auto& value) -> std::string {
        if constexpr (requires { value.operation; }) {
          return to_string(value.operation);
        } else {
          return {};
        }
      },
      event);
}

}  // namespace

void tell_event(const Record& record) {
  const auto level = level_of(record.event);
  LogFields fields = {
      {"event", std::string(event_name(record.event))},
      {"endpoint", std::string(record.stream.endpoint_name())},
      {"stream", record.stream.text},
      {"position", to_string(position_at(record.sequence))},
  };
  if (auto operation = operation_of(record.event); !operation.empty())
    fields.emplace_back("operation", std::move(operation));
  log_line(level, summary(record.event), fields);
}

}  // namespace understudy
