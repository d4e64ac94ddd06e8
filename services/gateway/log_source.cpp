#include "services/gateway/log_source.hpp"

#include <optional>
#include <thread>
#include <utility>

#include "services/codec/record_codec.hpp"

namespace understudy::gateway {
namespace {

using std::chrono::milliseconds;

/// Looking for the end of the log is one read of a page.
constexpr milliseconds poll_interval{20};
constexpr std::size_t most_records = 4096;

/// Opening and reading fail in ways that pass when the log is put back.
Error passing(const Error& error) {
  return {ErrorCode::unavailable, error.message};
}

}  // namespace

LogSource::LogSource(std::string directory)
    : directory_(std::move(directory)), codec_(make_record_codec()) {}

void LogSource::restart() {
  log_.reset();
  next_ = 1;
}

Result<void> LogSource::open() {
  if (log_) {
    if (log_->check_place()) return {};
    log_.reset();
  }
  auto opened = LmdbLog::open_reader(directory_);
  if (!opened) return passing(opened.error());
  const auto end = opened.value()->end();
  if (!end) return passing(end.error());
  found_ = end.value();
  if (found_ < next_) {
    return Error{ErrorCode::corrupt,
                 where() + " ends before what was read of it"};
  }
  log_ = std::move(opened).value();
  return {};
}

Result<std::uint64_t> LogSource::await_end(milliseconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  for (;;) {
    const auto end = log_->end();
    if (!end) return passing(end.error());
    if (end.value() > next_ || std::chrono::steady_clock::now() >= until)
      return end.value();
    std::this_thread::sleep_for(poll_interval);
  }
}

Result<Progress> LogSource::next(milliseconds longest, const See& see) {
  if (auto opened = open(); !opened) return opened.error();
  const auto end = await_end(longest);
  if (!end) {
    log_.reset();
    return end.error();
  }
  Progress progress;
  std::optional<Error> wrong;
  if (end.value() > next_) {
    const auto read = log_->read(next_, [&](const LogRecord& entry) {
      const auto decoded =
          codec_->decode_into(entry.bytes, record_, Causes::skip);
      if (decoded) {
        see(entry.position, record_);
      } else if (decoded.error().code != ErrorCode::too_new) {
        wrong = decoded.error();
        return Visit::stop;
      }
      next_ = entry.sequence + 1;
      return ++progress.records < most_records ? Visit::next : Visit::stop;
    });
    if (!read) wrong = read.error();
  }
  if (wrong) {
    log_.reset();
    return passing(*wrong);
  }
  progress.caught_up = next_ >= found_;
  return progress;
}

}  // namespace understudy::gateway
