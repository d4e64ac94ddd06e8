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

CommandOutcomes::Wait::Wait(CommandOutcomes& outcomes,
                            const std::string& endpoint,
                            const std::string& command)
    : outcomes_(outcomes), key_(command, endpoint) {
  const std::lock_guard lock(outcomes_.mutex_);
  ++outcomes_.waiting_[key_].count;
}

CommandOutcomes::Wait::~Wait() {
  const std::lock_guard lock(outcomes_.mutex_);
  const auto found = outcomes_.waiting_.find(key_);
  if (--found->second.count == 0) outcomes_.waiting_.erase(found);
}

std::optional<CommandAnswer> CommandOutcomes::Wait::await(
    std::chrono::milliseconds longest) const {
  std::unique_lock lock(outcomes_.mutex_);
  const auto& aside = outcomes_.waiting_.at(key_).aside;
  const auto& decided = outcomes_.outcomes_;
  outcomes_.changed_.wait_for(lock, longest, [&] {
    return outcomes_.closed_ || aside || decided.contains(key_);
  });
  const auto found = decided.find(key_);
  if (found != decided.end()) return found->second.answer;
  return aside;
}

void CommandOutcomes::put_aside(const std::string& endpoint,
                                const std::string& command,
                                CommandAnswer answer) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find({command, endpoint});
    if (found == waiting_.end()) return;
    found->second.aside = std::move(answer);
  }
  changed_.notify_all();
}

void CommandOutcomes::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

}  // namespace understudy
