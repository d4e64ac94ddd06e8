#pragma once

/// What commands would do to endpoints whose partition is another daemon's,
/// told from the log alone.
///
/// The first one folds that partition, from snapshots where there are any;
/// the next ones what came since. What was folded is kept for some minutes
/// after the last one, not for all time: it takes the memory of all states of
/// the partition.
///
/// Thread safety: all calls from any thread; one at a time is answered for
/// each partition.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "actors/runtime/fleet.hpp"
#include "actors/runtime/snapshots.hpp"
#include "services/codec/command_json.hpp"
#include "services/control/command_wait.hpp"
#include "services/event_log/kafka_log.hpp"

namespace understudy {

class DryRuns {
 public:
  /// Ownership: the codecs must outlive it.
  DryRuns(KafkaSettings settings, const RecordCodec& codec,
          const RestCodec& rest_codec)
      : settings_(std::move(settings)),
        codec_(codec),
        rest_codec_(rest_codec) {}

  /// As `Partition::try_out` at `now`, or at the log's last decision if that
  /// is later, with all that was durable when it was asked. `wait` is for
  /// others that are asked before; reading takes as long as it takes.
  [[nodiscard]] Outcome preview(std::uint32_t partition, const Command& command,
                                Instant now, std::chrono::milliseconds wait);

  /// Forgets what nobody has asked for of late.
  void forget_idle();

 private:
  struct Folded {
    std::timed_mutex mutex;  ///< Guards the rest but `used`.
    std::unique_ptr<KafkaLog> log;
    Fleet fleet;
    std::chrono::steady_clock::time_point used;
  };

  Result<void> catch_up(std::uint32_t partition, Folded& folded) const;

  const KafkaSettings settings_;
  const RecordCodec& codec_;
  const RestCodec& rest_codec_;
  std::mutex mutex_;
  std::map<std::uint32_t, std::shared_ptr<Folded>> folded_;
};

}  // namespace understudy
