/// Commands: carried out once, or only tried.

#include <optional>
#include <utility>

#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/codec/strict_json.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/origin.hpp"

namespace understudy::handle {
namespace {

using std::chrono::milliseconds;

struct Read {
  std::string id;
  std::optional<Command> command;
  std::optional<Problem> wrong;
};

/// As it is, or as the text of a structured field: in quotes.
std::string key_of(const std::string& header) {
  if (header.size() >= 2 && header.front() == '"' && header.back() == '"')
    return header.substr(1, header.size() - 2);
  return header;
}

/// Puts the header's id into a body that has none.
std::optional<Problem> settle_id(const ApiCall& call, Json& body,
                                 std::string& id) {
  const std::string* header = call.header("idempotency-key");
  const auto given = body.find("command");
  if (given == body.end()) {
    if (!header) {
      return make_problem("missing-command-id",
                          "neither `command` in the body nor the header "
                          "Idempotency-Key names the command");
    }
    id = key_of(*header);
    body["command"] = id;
    return std::nullopt;
  }
  if (given->is_string()) id = given->get<std::string>();
  if (header && key_of(*header) != id) {
    return make_problem("command-id-conflict",
                        "command " + in_quotes(id) + " in the body, " +
                            in_quotes(*header) +
                            " in the header Idempotency-Key");
  }
  return std::nullopt;
}

/// `scale.desired: missing; ...` names its field.
Problem wrong_form(const Error& error) {
  Problem made = make_problem("invalid-command", error.message);
  const auto colon = error.message.find(": ");
  if (colon != std::string::npos && error.message.find(' ') == colon + 1) {
    made.field = error.message.substr(0, colon);
  }
  return made;
}

Read read_command(const ApiCall& call) {
  Read read;
  auto body = codec::parse_strict_json(call.body);
  if (!body) {
    read.wrong = make_problem("invalid-json", body.error().message);
    return read;
  }
  if (!body.value().is_object()) {
    read.wrong =
        make_problem("invalid-command", "no object; accepted: an object");
    return read;
  }
  read.wrong = settle_id(call, body.value(), read.id);
  if (read.wrong) return read;
  auto command = decode_command_json(json_text(body.value()));
  if (!command) {
    read.wrong = wrong_form(command.error());
    read.wrong->command = read.id;
    return read;
  }
  read.command = std::move(command).value();
  return read;
}

/// Only who may operate comes so far. A trace that is none is not carried on.
void attribute_to_caller(const Api& api, const ApiCall& call,
                         Command& command) {
  const std::string_view caller =
      api.needs_token() ? principals::operator_token : principals::http;
  const std::string* trace = call.header("traceparent");
  const bool traced = trace != nullptr && valid_traceparent(*trace);
  attribute(command, std::string(caller), traced ? *trace : "");
}

Json events_json(const std::vector<AnyEvent>& events) {
  Json list = Json::array();
  for (const AnyEvent& event : events)
    list.push_back(to_json(event));
  return list;
}

/// `FIELD VALUE: REASON; accepted: ...` in one line.
std::string refusal_text(const CommandAnswer& answer) {
  std::string text;
  if (!answer.field.empty()) text += answer.field + ' ';
  if (!answer.value.empty()) text += answer.value + ' ';
  text += (text.empty() ? "" : ": ") + answer.reason;
  if (!answer.expected.empty()) text += "; accepted: " + answer.expected;
  return text;
}

ApiAnswer refusal(const Read& read, const Outcome& outcome, bool dry_run) {
  const CommandAnswer& answer = outcome.answer;
  Problem made = make_problem(answer.reason, refusal_text(answer));
  made.field = answer.field;
  made.value = answer.value;
  made.accepted = answer.expected;
  made.command = read.id;
  made.position = answer.sequence;
  made.more["endpoint"] = read.command->endpoint;
  if (dry_run) {
    made.more["dry_run"] = true;
    if (outcome.as_of) made.more["as_of"] = position_text(*outcome.as_of);
    made.more["events"] = events_json(outcome.events);
  }
  return answer_of(made);
}

ApiAnswer acceptance(const Read& read, const Outcome& outcome, bool dry_run) {
  Json json = Json::object();
  json["command"] = read.id;
  json["endpoint"] = read.command->endpoint;
  json["accepted"] = true;
  if (outcome.answer.sequence != 0)
    json["position"] = position_text(outcome.answer.sequence);
  if (dry_run) {
    json["dry_run"] = true;
    if (outcome.as_of) json["as_of"] = position_text(*outcome.as_of);
    json["events"] = events_json(outcome.events);
  }
  ApiAnswer answer;
  answer.body = json_text(json, 2) + '\n';
  return answer;
}

ApiAnswer not_ready(const Read& read, const Readiness& now,
                    const std::string& why) {
  const bool stopping = now.phase == Phase::stopping;
  Problem made =
      make_problem(stopping ? "stopping" : "not-ready",
                   std::string(name_of(now.phase)) + ": " + now.message + ", " +
                       std::to_string(now.seen) + " of " +
                       std::to_string(now.total) + " records read");
  if (!why.empty() && !stopping) made = make_problem("not-ready", why);
  made.command = read.id;
  made.more["readiness"] = to_json(now);
  made.headers = {{"Retry-After", "1"}};
  return answer_of(made);
}

ApiAnswer answer_for(Api& api, const Read& read, const Outcome& outcome,
                     bool dry_run) {
  switch (outcome.handling) {
    case Handling::answered:
      return outcome.answer.accepted ? acceptance(read, outcome, dry_run)
                                     : refusal(read, outcome, dry_run);
    case Handling::not_ready:
      return not_ready(read, api.plane().readiness(), outcome.why);
    case Handling::overloaded: {
      Problem made = make_problem("overloaded",
                                  std::to_string(api.settings().max_commands) +
                                      " commands are under way already");
      made.command = read.id;
      made.headers = {{"Retry-After", "1"}};
      return answer_of(made);
    }
    case Handling::unknown:
      break;
  }
  Problem made = make_problem(
      "outcome-unknown",
      "no answer in time; the command may have been carried out: repeat it "
      "with the same id, " +
          in_quotes(read.id));
  made.command = read.id;
  made.headers = {{"Retry-After", "1"}};
  return answer_of(made);
}

}  // namespace

ApiAnswer command(Api& api, const ApiCall& call) {
  Parameters parameters(call);
  const bool dry_run = parameters.flag("dry-run");
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  Read read = read_command(call);
  if (read.wrong) return answer_of(*read.wrong);
  attribute_to_caller(api, call, *read.command);
  const milliseconds wait{api.settings().command_timeout_ms};
  const Outcome outcome = dry_run ? api.plane().preview(*read.command, wait)
                                  : api.plane().execute(*read.command, wait);
  return answer_for(api, read, outcome, dry_run);
}

ApiAnswer command_outcome(Api& api, const ApiCall& call) {
  if (auto refusal = api.await_position(call)) return *std::move(refusal);
  const std::string& id = call.name("id");
  const std::string endpoint = Parameters(call).text("endpoint");
  if (call.parameter("endpoint") && !valid_name(endpoint))
    return answer_of(
        wrong_parameter("endpoint", endpoint, "an endpoint's name"));
  const CommandOutcomes& outcomes = api.plane().outcomes();
  const auto found =
      endpoint.empty() ? outcomes.find(id) : outcomes.find(endpoint, id);
  if (!found) {
    Problem made = make_problem(
        "command-not-seen",
        "no record tells of command " + in_quotes(id) +
            (endpoint.empty() ? "" : " for endpoint " + in_quotes(endpoint)) +
            ", of the latest " + std::to_string(CommandOutcomes::kept));
    made.command = id;
    return answer_of(made);
  }
  return shown_json(Output::json, outcome_json(id, *found));
}

}  // namespace understudy::handle
