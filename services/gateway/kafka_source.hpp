#pragma once

/// The records of a log on Kafka, of all its partitions.

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "services/event_log/kafka_settings.hpp"
#include "services/event_log/kafka_tail.hpp"
#include "services/gateway/fleet_source.hpp"

namespace understudy::gateway {

/// Thread safety: as `FleetSource`.
class KafkaSource final : public FleetSource {
 public:
  explicit KafkaSource(KafkaSettings settings);

  Result<Progress> next(std::chrono::milliseconds longest,
                        const See& see) override;
  void restart() override;
  [[nodiscard]] std::string where() const override {
    return "kafka:" + settings_.bootstrap;
  }

 private:
  Result<void> open();

  const KafkaSettings settings_;
  const std::unique_ptr<RecordCodec> codec_;
  std::unique_ptr<KafkaTail> tail_;
  /// What is missing until each partition is where it ended at opening: the
  /// sequence that comes next after it.
  std::map<std::uint32_t, std::uint64_t> missing_;
  Record record_;
};

}  // namespace understudy::gateway
