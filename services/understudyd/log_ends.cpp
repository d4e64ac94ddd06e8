#include "services/understudyd/log_ends.hpp"

#include <algorithm>
#include <utility>

#include "services/codec/record_codec.hpp"
#include "services/config/log_address.hpp"
#include "services/event_log/kafka_log.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/projection/position_number.hpp"

namespace understudy {
namespace {

Result<void> add_end(const EventLog& log, const RecordCodec& codec,
                     LogEnds& ends) {
  const auto end = log.end();
  if (!end) return end.error();
  const std::uint64_t last = end.value() - 1;
  ends.last.push_back(last);
  if (last == 0) return {};
  return log.read(last, [&](const LogRecord& entry) {
    const auto record = codec.decode(entry.bytes);
    if (record) ends.time = std::max(ends.time, record.value().time);
    return Visit::stop;
  });
}

Result<LogEnds> embedded_ends(const std::string& directory) {
  const auto log = LmdbLog::open_reader(directory);
  if (!log && log.error().code == ErrorCode::not_found) return LogEnds{{0}, {}};
  if (!log) return log.error();
  LogEnds ends;
  if (auto added = add_end(*log.value(), *make_record_codec(), ends); !added)
    return added.error();
  return ends;
}

Result<LogEnds> kafka_ends(const KafkaSettings& settings) {
  LogEnds ends;
  const auto codec = make_record_codec();
  std::uint32_t partitions = 1;
  for (std::uint32_t one = 0; one < partitions; ++one) {
    const auto log = KafkaLog::open_reader(settings, one);
    if (!log) return log.error();
    partitions = log.value()->partitions();
    if (auto added = add_end(*log.value(), *codec, ends); !added)
      return added.error();
  }
  return ends;
}

}  // namespace

std::uint64_t LogEnds::before(std::uint64_t number) const {
  const std::uint32_t partition = position_at(number).partition;
  return position_number(partition,
                         partition < last.size() ? last[partition] : 0);
}

bool on_kafka(const Settings& settings) {
  const auto address = parse_log_address(settings.log);
  return address && address.value().kind == LogKind::kafka;
}

Result<KafkaSettings> kafka_settings_of(const Settings& settings) {
  const auto address = parse_log_address(settings.log);
  if (!address) return address.error();
  return make_kafka_settings(address.value().rest, settings.kafka.prefix,
                             settings.kafka.config_file);
}

Result<LogEnds> find_log_ends(const Settings& settings) {
  const auto address = parse_log_address(settings.log);
  if (!address) return address.error();
  if (address.value().kind == LogKind::embedded)
    return embedded_ends(address.value().rest);
  const auto kafka = kafka_settings_of(settings);
  if (!kafka) return kafka.error();
  return kafka_ends(kafka.value());
}

}  // namespace understudy
