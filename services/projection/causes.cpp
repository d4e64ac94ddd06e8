#include "services/projection/causes.hpp"

#include <algorithm>
#include <utility>

#include "services/projection/wording.hpp"

namespace understudy {
namespace {

Line input_line(const Record& first) {
  return {0, first.time, first.stream.text,
          std::string(input_name(first.cause.input)),
          summary(first.cause.input)};
}

Error not_earlier(const Record& record) {
  return {ErrorCode::corrupt,
          to_string(Position{0, record.sequence}) + ": its cause " +
              to_string(Position{0, record.cause.sequence}) +
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
      break;
    }
    if (first.cause.sequence >= first.sequence) return not_earlier(first);
    auto cause = record_at(first.cause.sequence);
    if (!cause) return cause.error();
    current = std::move(cause).value();
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

void Consequences::see(const Record& record) {
  if (record.sequence >= first_ && record.sequence <= last_) {
    decision_.push_back(line_of(record));
  } else if (record.part == 0 && record.cause.sequence == position_) {
    following_ = record.sequence + record.parts - 1;
    caused_.push_back(line_of(record));
  } else if (record.sequence <= following_) {
    caused_.push_back(line_of(record));
  }
}

}  // namespace understudy
