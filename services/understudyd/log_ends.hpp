#pragma once

/// Where the log ended when the daemon started: what is before that is told
/// again while it recovers, and is no news.
///
/// Thread safety: plain values.

#include <cstdint>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/core/result.hpp"
#include "services/config/settings.hpp"
#include "services/event_log/kafka_settings.hpp"

namespace understudy {

struct LogEnds {
  /// Last sequence of each partition; 0: empty.
  std::vector<std::uint64_t> last;
  Instant time;  ///< Of the latest decision.

  /// The position number of the last record of the partition that `number`
  /// is in.
  [[nodiscard]] std::uint64_t before(std::uint64_t number) const;
};

/// Errors: as opening the log for reading; an embedded log that is not there
/// yet is empty.
[[nodiscard]] Result<LogEnds> find_log_ends(const Settings& settings);

/// What `log` and the settings under `kafka` say of the cluster. Errors: as
/// `read_kafka_properties` and `check_kafka_settings`.
[[nodiscard]] Result<KafkaSettings> kafka_settings_of(const Settings& settings);

[[nodiscard]] bool on_kafka(const Settings& settings);

}  // namespace understudy
