#include "services/gateway/kafka_source.hpp"

#include <optional>
#include <utility>

#include "services/codec/record_codec.hpp"
#include "services/event_log/kafka_log.hpp"

namespace understudy::gateway {
namespace {

constexpr std::size_t most_records = 4096;

/// What the cluster cannot do now it may do later; a log that was replaced
/// by another is read from its beginning.
Error as_source(const Error& error) {
  if (error.code == ErrorCode::corrupt) return error;
  return {ErrorCode::unavailable, error.message};
}

}  // namespace

KafkaSource::KafkaSource(KafkaSettings settings)
    : settings_(std::move(settings)), codec_(make_record_codec()) {}

void KafkaSource::restart() {
  tail_.reset();
  missing_.clear();
}

Result<void> KafkaSource::open() {
  if (tail_) return {};
  auto tail = KafkaTail::open(settings_);
  if (!tail) return tail.error();
  std::map<std::uint32_t, std::uint64_t> missing;
  for (std::uint32_t one = 0; one < tail.value()->partitions(); ++one) {
    const auto log = KafkaLog::open_reader(settings_, one);
    if (!log) return log.error();
    const auto end = log.value()->end();
    if (!end) return end.error();
    if (end.value() > 1) missing[one] = end.value();
  }
  missing_ = std::move(missing);
  tail_ = std::move(tail).value();
  return {};
}

Result<Progress> KafkaSource::next(std::chrono::milliseconds longest,
                                   const See& see) {
  if (auto opened = open(); !opened) return as_source(opened.error());
  Progress progress;
  std::optional<Error> wrong;
  const auto read =
      tail_->next(most_records, longest, [&](const LogRecord& entry) {
        const auto decoded =
            codec_->decode_into(entry.bytes, record_, Causes::skip);
        if (decoded) {
          see(entry.position, record_);
        } else if (decoded.error().code != ErrorCode::too_new) {
          wrong = decoded.error();
          return false;
        }
        ++progress.records;
        const auto missing = missing_.find(entry.position.partition);
        if (missing != missing_.end() && entry.sequence + 1 >= missing->second)
          missing_.erase(missing);
        return true;
      });
  if (wrong) return as_source(*wrong);
  if (!read) return as_source(read.error());
  progress.caught_up = missing_.empty();
  return progress;
}

}  // namespace understudy::gateway
