#include "services/projection/causes.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/projection/position_number.hpp"
#include "services/projection/wording.hpp"

namespace understudy {
namespace {

Line input_line(const Record& first) {
  return {0, first.time, first.stream.text,
          std::string(input_name(first.cause.input)),
          summary(first.cause.input)};
}

/// Launch calls are answered within minutes, which is at most so many
/// records of other streams away.
constexpr std::uint64_t farthest_call = 100'000;

struct CallId {
  RequestId request;
  std::uint16_t attempt = 0;
};

std::optional<CallId> answered_call(const OutsideInput& input) {
  if (const auto* outcome = std::get_if<pool::LaunchOutcome>(&input)) {
    return CallId{outcome->request, outcome->attempt};
  }
  if (const auto* found = std::get_if<pool::Reconciled>(&input)) {
    return CallId{found->request, found->attempt};
  }
  return std::nullopt;
}

bool is_call(const Record& record, const StreamId& stream, const CallId& call) {
  const auto* made = std::get_if<pool::LaunchAttempted>(&record.event);
  return made != nullptr && record.stream == stream &&
         made->request == call.request && made->attempt == call.attempt;
}

/// The launch call that the provider's answer in `first` is about.
std::optional<Record> call_before(const Record& first,
                                  const RecordAt& record_at) {
  const auto call = answered_call(first.cause.input);
  if (!call) return std::nullopt;
  const std::uint64_t last =
      first.sequence > farthest_call ? first.sequence - farthest_call : 0;
  for (std::uint64_t at = first.sequence - 1; at > last; --at) {
    auto earlier = record_at(at);
    if (!earlier) return std::nullopt;
    if (is_call(earlier.value(), first.stream, *call)) {
      return std::move(earlier).value();
    }
  }
  return std::nullopt;
}

Error not_earlier(const Record& record) {
  return {ErrorCode::corrupt,
          to_string(position_at(record.sequence)) + ": its cause " +
              to_string(position_at(record.cause.sequence)) +
              " is not earlier than itself"};
}

}  // namespace

Line line_of(const Record& record) {
  return {record.sequence, record.time, record.stream.text,
          std::string(event_name(record.event)), summary(record.event)};
}

Result<std::vector<Line>> causes_of(const Record& record,
                                    const RecordAt& record_at) {
  std::vector<Line> chain;  // the latest first
  Record current = record;
  for (;;) {
    chain.push_back(line_of(current));
    // The first record of a decision knows its cause.
    Record first = current;
    if (current.part != 0) {
      auto found = record_at(current.sequence - current.part);
      if (!found) return found.error();
      first = std::move(found).value();
      const bool telling =
          std::holds_alternative<autoscaler::LoadObserved>(first.event) ||
          std::holds_alternative<endpoint::ScaleOut>(first.event) ||
          std::holds_alternative<endpoint::ScaleIn>(first.event) ||
          std::holds_alternative<endpoint::OperationOpened>(first.event) ||
          std::holds_alternative<endpoint::InstanceLeft>(first.event);
      if (telling) chain.push_back(line_of(first));
    }
    if (first.cause.sequence == 0) {
      chain.push_back(input_line(first));
      auto call = call_before(first, record_at);
      if (!call) break;
      current = *std::move(call);
      continue;
    }
    if (first.cause.sequence >= first.sequence) return not_earlier(first);
    auto cause = record_at(first.cause.sequence);
    if (!cause) return cause.error();
    current = std::move(cause).value();
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

Consequences::Consequences(const Record& of)
    : of_(of.stream),
      position_(of.sequence),
      first_(of.sequence - of.part),
      last_(first_ + of.parts - 1) {
  if (const auto* call = std::get_if<pool::LaunchAttempted>(&of.event)) {
    call_ = *call;
  }
}

void Consequences::see(const Record& record) {
  if (record.sequence >= first_ && record.sequence <= last_) {
    decision_.push_back(line_of(record));
  } else if (record.part == 0 && record.cause.sequence == position_) {
    following_ = record.sequence + record.parts - 1;
    caused_.push_back(line_of(record));
  } else if (call_ && record.part == 0 && record.stream == of_ &&
             record.cause.sequence == 0) {
    const auto answered = answered_call(record.cause.input);
    if (answered && answered->request == call_->request &&
        answered->attempt == call_->attempt) {
      caused_.push_back(input_line(record));
      caused_.push_back(line_of(record));
      following_ = record.sequence + record.parts - 1;
    }
  } else if (record.sequence <= following_) {
    caused_.push_back(line_of(record));
  }
}

}  // namespace understudy
