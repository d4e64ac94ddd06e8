#pragma once

/// Waits until what a transaction wrote to a partition of the journal can be
/// read, which is some milliseconds after its commit.
///
/// Thread safety: none.

#include <chrono>
#include <cstdint>

#include "services/event_log/kafka_reader.hpp"

namespace understudy::kafka {

class Settling {
 public:
  /// `offset`: of the last message; below 0 there is none to wait for.
  /// Errors: `unavailable` after 10 s, with whose transaction holds it back.
  Result<void> await(JournalReader& reader, const KafkaSettings& settings,
                     std::uint32_t partition, std::int64_t offset);

 private:
  /// Each look costs the broker something: none is made before it may tell.
  std::chrono::microseconds usual_{0};
};

}  // namespace understudy::kafka
