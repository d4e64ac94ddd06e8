#include "services/control/command_outcomes.hpp"

#include <variant>

#include "actors/runtime/answers.hpp"
#include "services/rendering/output.hpp"

namespace understudy {
namespace {

std::string kind_of(const OutsideInput& input) {
  return std::visit(
      [](const auto& value) {
        return std::string(std::decay_t<decltype(value)>::name);
      },
      input);
}

CommandAnswer answer_of_event(const AnyEvent& event) {
  CommandAnswer answer;
  answer.accepted = true;
  if (const auto* refused = std::get_if<endpoint::CommandRefused>(&event)) {
    answer = {false,          refused->reason,   refused->field,
              refused->value, refused->accepted, 0};
  }
  return answer;
}

}  // namespace

Json outcome_json(const std::string& command, const CommandOutcome& outcome) {
  const CommandAnswer& answer = outcome.answer;
  Json json = envelope("CommandOutcome");
  json["command"] = command;
  json["endpoint"] = outcome.endpoint;
  json["type"] = outcome.kind;
  json["at"] = to_json(outcome.time);
  json["accepted"] = answer.accepted;
  json["position"] = position_text(answer.sequence);
  if (answer.accepted) return json;
  json["reason"] = answer.reason;
  json["field"] = answer.field;
  json["value"] = answer.value;
  json["expected"] = answer.expected;
  return json;
}

void CommandOutcomes::see(const Record& record) {
  if (record.part != 0 || record.cause.sequence != 0) return;
  const std::string& id = command_id(record.cause.input);
  if (id.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    const Key key(id, record.stream.endpoint_name());
    CommandOutcome outcome{key.second, kind_of(record.cause.input), record.time,
                           answer_of_event(record.event)};
    outcome.answer.sequence = record.sequence + record.parts - 1U;
    if (!outcomes_.emplace(key, std::move(outcome)).second) return;
    order_.push_back(key);
    if (order_.size() > kept) {
      outcomes_.erase(order_.front());
      order_.pop_front();
    }
  }
  changed_.notify_all();
}

std::optional<CommandOutcome> CommandOutcomes::find(
    const std::string& endpoint, const std::string& command) const {
  const std::lock_guard lock(mutex_);
  const auto found = outcomes_.find({command, endpoint});
  if (found == outcomes_.end()) return std::nullopt;
  return found->second;
}

std::optional<CommandOutcome> CommandOutcomes::find(
    const std::string& command) const {
  const std::lock_guard lock(mutex_);
  const auto found = outcomes_.lower_bound({command, ""});
  if (found == outcomes_.end() || found->first.first != command)
    return std::nullopt;
  return found->second;
}

std::optional<CommandOutcome> CommandOutcomes::await(
    const std::string& endpoint, const std::string& command,
    std::chrono::milliseconds wait) const {
  const Key key(command, endpoint);
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait,
                    [&] { return closed_ || outcomes_.contains(key); });
  const auto found = outcomes_.find(key);
  if (found == outcomes_.end()) return std::nullopt;
  return found->second;
}

void CommandOutcomes::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

}  // namespace understudy
