#include "services/rendering/explain_search.hpp"

#include <utility>

#include "services/codec/json.hpp"
#include "services/projection/causes.hpp"
#include "services/projection/operation_story.hpp"
#include "services/rendering/fleet_reader.hpp"
#include "services/rendering/positions.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

RecordAt record_at(const LogReader& reader) {
  return [&reader](std::uint64_t position) { return reader.at(position); };
}

WalkSubject walk_of(const Record& record,
                    const endpoint::FallbackChosen& fallback) {
  WalkSubject walk;
  walk.endpoint = record.stream.endpoint_name();
  walk.operation = fallback.operation;
  walk.focus = record.sequence;
  walk.fallback = record.sequence;
  return walk;
}

Result<Subject> find_position(LogReader& reader, std::uint64_t position) {
  const auto record = reader.at(position);
  if (!record) return record.error();
  Subject subject;
  subject.position = position;
  const auto* fallback =
      std::get_if<endpoint::FallbackChosen>(&record.value().event);
  if (fallback != nullptr) subject.walk = walk_of(record.value(), *fallback);
  return subject;
}

/// What a person would call the latest decision.
bool is_decision(const AnyEvent& event) {
  return std::holds_alternative<endpoint::OperationOpened>(event) ||
         std::holds_alternative<endpoint::ScaleIn>(event) ||
         std::holds_alternative<endpoint::ScaleOut>(event) ||
         std::holds_alternative<endpoint::EndpointFailed>(event) ||
         std::holds_alternative<endpoint::EndpointDeleting>(event) ||
         std::holds_alternative<endpoint::CommandRefused>(event);
}

Result<Subject> find_endpoint_subject(LogReader& reader,
                                      const std::string& name) {
  Subject subject;
  FleetView names(0);
  const auto done = reader.scan(1, [&](const Record& record) {
    names.see(record);
    if (record.stream.kind() != ActorKind::endpoint ||
        record.stream.endpoint_name() != name) {
      return Visit::next;
    }
    if (const auto* fallback =
            std::get_if<endpoint::FallbackChosen>(&record.event)) {
      subject.walk = walk_of(record, *fallback);
    }
    if (is_decision(record.event)) subject.position = record.sequence;
    return Visit::next;
  });
  if (!done) return done.error();
  if (subject.walk) {
    subject.position = subject.walk->fallback;
    return subject;
  }
  if (subject.position == 0) {
    const auto found = find_endpoint(names, name);
    if (!found) return found.error();
    subject.position = 1;
  }
  subject.note =
      "Endpoint " + name + " never fell back; this is its latest decision.";
  return subject;
}

Result<Subject> find_instance(LogReader& reader, const std::string& endpoint,
                              const std::string& text) {
  const auto id = parse_instance_id(text);
  if (!id) {
    return Error{ErrorCode::invalid_input,
                 in_quotes(text) +
                     " is no instance of an endpoint; accepted: "
                     "REQUEST-ATTEMPT-INDEX such as 12-1-0"};
  }
  Subject subject;
  WalkSubject walk;
  walk.endpoint = endpoint;
  walk.instance = *id;
  const auto done = reader.scan(1, [&](const Record& record) {
    if (record.stream.endpoint_name() != endpoint) return Visit::next;
    const auto* asked = std::get_if<endpoint::InstanceRequested>(&record.event);
    if (asked != nullptr && asked->request == id->request()) {
      walk.operation = asked->operation;
      walk.focus = record.sequence;
    }
    const auto* launched = std::get_if<pool::InstanceLaunched>(&record.event);
    if (launched == nullptr) return Visit::next;
    for (const auto& one : launched->instances) {
      if (one.id == *id) subject.position = record.sequence;
    }
    return subject.position == 0 ? Visit::next : Visit::stop;
  });
  if (!done) return done.error();
  if (subject.position == 0) {
    return Error{ErrorCode::not_found,
                 "there is no instance " + in_quotes(endpoint + '/' + text) +
                     " in this log; accepted: those that `understudy get "
                     "instances --all` lists"};
  }
  subject.walk = walk;
  return subject;
}

/// The records that speak of the instance, and why it ended.
Result<void> tell_life(LogReader& reader, const WalkSubject& subject,
                       WalkExplanation& told) {
  const StreamId stream =
      StreamId::instance(subject.endpoint, subject.instance);
  std::optional<Record> parting;
  const auto done = reader.scan(1, [&](const Record& record) {
    if (record.stream == stream) {
      told.life.push_back(line_of(record));
      const bool ends =
          std::holds_alternative<instance::InstanceDraining>(record.event) ||
          std::holds_alternative<instance::InstanceLost>(record.event) ||
          std::holds_alternative<instance::InstanceUnhealthy>(record.event) ||
          std::holds_alternative<instance::InstanceStartFailed>(record.event);
      if (ends && !parting) parting = record;
    }
    return Visit::next;
  });
  if (!done) return done;
  if (!parting) return {};
  auto causes = causes_of(*parting, record_at(reader));
  if (!causes) return causes.error();
  told.end_causes = std::move(causes).value();
  return {};
}

}  // namespace

Result<Subject> find_subject(LogReader& reader, const std::string& text) {
  if (const auto position = parse_position(text)) {
    return find_position(reader, *position);
  }
  const auto slash = text.find('/');
  if (slash != std::string::npos) {
    return find_instance(reader, text.substr(0, slash), text.substr(slash + 1));
  }
  if (!valid_name(text)) {
    return Error{ErrorCode::invalid_input,
                 in_quotes(text) +
                     " cannot be explained; accepted: an endpoint's name, "
                     "ENDPOINT/INSTANCE such as chat/12-1-0, or a position "
                     "such as 0:1234"};
  }
  return find_endpoint_subject(reader, text);
}

Result<WalkExplanation> explain_walk(LogReader& reader,
                                     const WalkSubject& subject) {
  OperationStory story(subject.endpoint, subject.operation, subject.focus);
  WalkExplanation told;
  const auto done = reader.scan(1, [&](const Record& record) {
    story.see(record);
    return Visit::next;
  });
  if (!done) return done.error();
  told.operation = story.explanation();
  if (!story.found()) {
    return Error{ErrorCode::corrupt, "operation " +
                                         to_string(subject.operation) +
                                         " was never opened in this log"};
  }
  auto opened = reader.at(told.operation.opened.position);
  if (!opened) return opened.error();
  auto causes = causes_of(opened.value(), record_at(reader));
  if (!causes) return causes.error();
  told.causes = std::move(causes).value();
  if (subject.instance.value != 0) {
    told.instance = subject.endpoint + '/' + to_string(subject.instance);
    for (const LaunchedLine& one : told.operation.launched) {
      if (one.instance == subject.instance) told.decision = one.launched;
    }
    if (auto life = tell_life(reader, subject, told); !life) {
      return life.error();
    }
    return told;
  }
  auto decision = reader.at(subject.fallback);
  if (!decision) return decision.error();
  told.decision = line_of(decision.value());
  return told;
}

Result<RecordExplanation> explain_record(LogReader& reader,
                                         std::uint64_t position) {
  const auto record = reader.at(position);
  if (!record) return record.error();
  RecordExplanation told;
  told.record = line_of(record.value());
  told.data = json_text(to_json(record.value().event));
  auto causes = causes_of(record.value(), record_at(reader));
  if (!causes) return causes.error();
  told.causes = std::move(causes).value();
  told.causes.pop_back();  // the record itself
  Consequences consequences(record.value());
  const auto done =
      reader.scan_partition(consequences.first(), [&](const Record& later) {
        consequences.see(later);
        return Visit::next;
      });
  if (!done) return done.error();
  told.decision = consequences.decision();
  told.caused = consequences.caused();
  return told;
}

}  // namespace understudy
