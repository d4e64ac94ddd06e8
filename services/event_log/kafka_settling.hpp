#pragma once

/// Waits until what a transaction wrote to a partition can be read, which is
/// some milliseconds after its commit.
///
/// Thread safety: none.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "actors/core/result.hpp"
#include "services/event_log/kafka_settings.hpp"

namespace understudy::kafka {

class Settling {
 public:
  /// `offset`: of the last message; below 0 there is none to wait for.
  /// `stable_end`: asks how far the partition can be read.
  /// Errors: `unavailable` after 10 s, with whose transaction holds it back.
  Result<void> await(const KafkaSettings& settings, const std::string& topic,
                     std::uint32_t partition, std::int64_t offset,
                     const std::function<Result<std::uint64_t>()>& stable_end);

 private:
  /// Each look costs the broker something: none is made before it may tell.
  std::chrono::microseconds usual_{0};
};

}  // namespace understudy::kafka
