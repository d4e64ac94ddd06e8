#include "services/rendering/log_reader.hpp"

#include <algorithm>
#include <optional>
#include <queue>
#include <utility>

#include "services/codec/record_codec.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/projection/position_number.hpp"

namespace understudy {
namespace {

using Readings = std::vector<std::unique_ptr<PartitionReading>>;

/// The one whose record comes first is on top.
struct Later {
  bool operator()(const PartitionReading* a, const PartitionReading* b) const {
    if (a->key() != b->key()) return a->key() > b->key();
    return a->partition() > b->partition();
  }
};

/// Visits what the readings give, in the order of time. Errors: a reading's.
Result<void> merge(const Readings& readings, const LogReader::Visitor& visit) {
  std::priority_queue<PartitionReading*, std::vector<PartitionReading*>, Later>
      waiting;
  std::optional<Error> failure;
  const auto add = [&](PartitionReading* one) {
    if (one->front() != nullptr) {
      waiting.push(one);
    } else if (!one->result()) {
      failure = one->result().error();
    }
  };
  for (const auto& one : readings)
    add(one.get());
  while (!failure && !waiting.empty()) {
    PartitionReading* first = waiting.top();
    waiting.pop();
    if (visit(*first->front()) == Visit::stop) return {};
    first->pop();
    add(first);
  }
  if (failure) return *failure;
  return {};
}

}  // namespace

Result<LogReader> LogReader::open(const std::string& directory) {
  auto log = LmdbLog::open_reader(directory);
  if (!log) return log.error();
  Logs logs;
  logs.push_back(std::move(log).value());
  return own(std::move(logs));
}

LogReader LogReader::own(Logs logs) {
  std::vector<const EventLog*> all;
  for (const auto& one : logs)
    all.push_back(one.get());
  return {std::move(logs), std::move(all)};
}

LogReader LogReader::over(const EventLog& log) { return {{}, {&log}}; }

LogReader LogReader::over(const Logs& logs) {
  std::vector<const EventLog*> all;
  for (const auto& one : logs)
    all.push_back(one.get());
  return {{}, std::move(all)};
}

LogReader::LogReader(Logs owned, std::vector<const EventLog*> logs)
    : owned_(std::move(owned)),
      logs_(std::move(logs)),
      codec_(make_record_codec()) {}

Result<void> LogReader::scan(std::uint64_t from, const Visitor& visit) {
  auto place = place_of(from);
  if (!place) return place.error();
  return scan(place.value(), {}, visit);
}

Result<void> LogReader::scan(LogPlace& place, ReplayUntil until,
                             const Visitor& visit) {
  passed_ = false;
  const auto ends = ends_of(until);
  if (!ends) return ends.error();
  if (logs_.size() == 1)
    return scan_one(0, place.next.front(), ends.value().front(), visit);
  return scan_all(place, ends.value(), visit);
}

Result<void> LogReader::scan_partition(std::uint64_t from,
                                       const Visitor& visit) {
  Position first = position_at(from);
  if (first.partition >= logs_.size()) return no_record(first);
  return scan_one(first.partition, first.offset, {}, visit);
}

Result<void> LogReader::scan_one(std::uint32_t partition, std::uint64_t& next,
                                 ReplayUntil until, const Visitor& visit) {
  PartitionEnd end;
  end.stopped = stopped_;
  auto done = read_partition(*logs_[partition], partition, *codec_, next, until,
                             end, visit);
  next = end.next;
  note(end);
  return done;
}

Result<void> LogReader::scan_all(LogPlace& place,
                                 std::span<const ReplayUntil> ends,
                                 const Visitor& visit) {
  Readings readings;
  for (std::uint32_t one = 0; one < logs_.size(); ++one) {
    readings.push_back(std::make_unique<PartitionReading>(
        *logs_[one], one, *codec_, place.next[one], ends[one], stopped_));
  }
  auto done = merge(readings, visit);
  for (auto& one : readings) {
    place.next[one->partition()] = one->next();
    note(one->finish());
  }
  return done;
}

void LogReader::note(const PartitionEnd& end) {
  passed_ = passed_ || end.passed;
  for (const StoppedStream& one : end.stopped) {
    const bool known = std::any_of(
        stopped_.begin(), stopped_.end(),
        [&](const StoppedStream& old) { return old.stream == one.stream; });
    if (!known) stopped_.push_back(one);
  }
}

Error LogReader::no_record(Position position) const {
  std::string message =
      "there is no record " + to_string(position) + " in this log";
  if (position.partition >= logs_.size()) {
    message +=
        "; accepted: partitions 0 to " + std::to_string(logs_.size() - 1);
    return {ErrorCode::not_found, std::move(message)};
  }
  const auto end = logs_[position.partition]->end();
  if (end && end.value() > 1) {
    message += "; accepted: " + to_string(Position{position.partition, 1}) +
               " to " +
               to_string(Position{position.partition, end.value() - 1});
  }
  return {ErrorCode::not_found, std::move(message)};
}

Result<Record> LogReader::at(std::uint64_t position) const {
  const Position wanted = position_at(position);
  if (wanted.partition >= logs_.size()) return no_record(wanted);
  std::optional<Result<Record>> found;
  const auto read =
      logs_[wanted.partition]->read(wanted.offset, [&](const LogRecord& entry) {
        if (entry.sequence == wanted.offset)
          found = codec_->decode(entry.bytes);
        return Visit::stop;
      });
  if (!read) return read.error();
  if (!found) return no_record(wanted);
  if (!found->ok()) {
    return Error{found->error().code,
                 to_string(wanted) + ": " + found->error().message};
  }
  Record record = std::move(*found).value();
  number_record(record, wanted.partition);
  return record;
}

bool LogReader::reads_in_place() const {
  return dynamic_cast<const LmdbLog*>(logs_.front()) != nullptr;
}

Result<LogPlace> LogReader::end() const {
  LogPlace place;
  for (const EventLog* log : logs_) {
    const auto end = log->end();
    if (!end) return end.error();
    place.next.push_back(end.value());
  }
  return place;
}

Result<LogPlace> LogReader::place_of(std::uint64_t position) const {
  LogPlace place = begin();
  const Position first = position_at(position);
  if (logs_.size() == 1 && first.partition == 0) {
    place.next.front() = std::max(first.offset, std::uint64_t{1});
    return place;
  }
  if (position <= 1) return place;
  if (first.partition >= logs_.size()) return no_record(first);
  const auto record =
      at(std::max(position, position_number(first.partition, 1)));
  if (!record && record.error().code != ErrorCode::not_found)
    return record.error();
  auto found = record ? place_at(record.value().time) : end();
  if (!found) return found;
  found.value().next[first.partition] =
      std::max(first.offset, std::uint64_t{1});
  return found;
}

Result<LogPlace> LogReader::place_at(Instant time) const {
  LogPlace place;
  for (std::uint32_t one = 0; one < logs_.size(); ++one) {
    const auto first = first_at(one, time);
    if (!first) return first.error();
    place.next.push_back(first.value());
  }
  return place;
}

Result<std::uint64_t> LogReader::first_at(std::uint32_t partition,
                                          Instant time) const {
  const auto end = logs_[partition]->end();
  if (!end) return end.error();
  std::uint64_t low = 1;
  std::uint64_t high = end.value();
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto record = at(position_number(partition, middle));
    if (!record) return record.error();
    if (record.value().time < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Result<std::vector<ReplayUntil>> LogReader::ends_of(ReplayUntil until) const {
  std::vector<ReplayUntil> ends(logs_.size(),
                                ReplayUntil{UINT64_MAX, until.time});
  if (until.sequence == UINT64_MAX) return ends;
  const Position last = position_at(until.sequence);
  if (last.partition >= logs_.size()) return no_record(last);
  if (logs_.size() > 1) {
    const auto record = at(until.sequence);
    if (!record && record.error().code != ErrorCode::not_found)
      return record.error();
    if (record) {
      for (ReplayUntil& one : ends)
        one.time = std::min(until.time, record.value().time);
      ends[last.partition].time = until.time;
    }
  }
  ends[last.partition].sequence = last.offset;
  return ends;
}

}  // namespace understudy
