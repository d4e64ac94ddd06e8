#include "services/rendering/log_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/codec/record_codec.hpp"
#include "services/event_log/lmdb_log.hpp"

namespace understudy {

Result<LogReader> LogReader::open(const std::string& directory) {
  auto log = LmdbLog::open_reader(directory);
  if (!log) return log.error();
  const EventLog& opened = *log.value();
  return LogReader(std::move(log).value(), opened);
}

LogReader LogReader::over(const EventLog& log) { return {nullptr, log}; }

LogReader::LogReader(std::unique_ptr<EventLog> owned, const EventLog& log)
    : owned_(std::move(owned)), log_(&log), codec_(make_record_codec()) {}

Result<void> LogReader::scan(std::uint64_t from,
                             const std::function<Visit(const Record&)>& visit) {
  std::optional<Error> failure;
  Record record;
  const auto read = log_->read(from, [&](const LogRecord& entry) {
    const auto decoded = codec_->decode_into(entry.bytes, record);
    if (decoded) {
      if (!stopped_.empty() && has_stopped(record.stream)) return Visit::next;
      return visit(record);
    }
    if (decoded.error().code == ErrorCode::too_new) {
      auto stream = codec_->stream_of(entry.bytes);
      if (stream) {
        if (!has_stopped(stream.value())) {
          stopped_.push_back(
              {stream.value(), entry.position, decoded.error().message});
        }
        return Visit::next;
      }
    }
    failure = Error{decoded.error().code,
                    to_string(entry.position) + ": " + decoded.error().message};
    return Visit::stop;
  });
  if (failure) return *failure;
  return read;
}

Result<Record> LogReader::at(std::uint64_t position) const {
  std::optional<Result<Record>> found;
  const auto read = log_->read(position, [&](const LogRecord& entry) {
    if (entry.sequence == position) found = codec_->decode(entry.bytes);
    return Visit::stop;
  });
  if (!read) return read.error();
  const std::string where = to_string(Position{0, position});
  if (!found) {
    const auto end = log_->end();
    std::string message = "there is no record " + where + " in this log";
    if (end && end.value() > 1) {
      message +=
          "; accepted: 0:1 to " + to_string(Position{0, end.value() - 1});
    }
    return Error{ErrorCode::not_found, std::move(message)};
  }
  if (!found->ok()) {
    return Error{found->error().code, where + ": " + found->error().message};
  }
  return std::move(*found).value();
}

bool LogReader::has_stopped(const StreamId& stream) const {
  return std::any_of(
      stopped_.begin(), stopped_.end(),
      [&](const StoppedStream& one) { return one.stream == stream; });
}

}  // namespace understudy
