#pragma once

/// Whether a transaction that nobody ends holds back whoever reads a
/// partition of the journal or of the commands.
///
/// Thread safety: one thread at a time. Ownership: the asker must outlive it.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/event_log/kafka_cursor.hpp"
#include "services/event_log/kafka_settings.hpp"

namespace understudy {

class HeldBack {
 public:
  /// `settled` asks for the ends of what is committed. Errors: as
  /// `OffsetAsker::make`.
  [[nodiscard]] static Result<std::unique_ptr<HeldBack>> make(
      const KafkaSettings& settings, const kafka::OffsetAsker& settled);

  struct Finding {
    std::string line;  ///< What to say of the first; empty: all is well.
    std::chrono::seconds longest{0};  ///< Readers wait for so long.
  };
  [[nodiscard]] Finding look(const std::vector<std::uint32_t>& partitions);

 private:
  using Place = std::pair<std::string, std::uint32_t>;  ///< Of a topic.
  /// Where readers wait, since when, and what was found out of it.
  struct Held {
    std::uint64_t offset = 0;
    std::chrono::steady_clock::time_point since;
    std::string line;
  };

  HeldBack(const KafkaSettings& settings, const kafka::OffsetAsker& settled)
      : settings_(settings), settled_(settled) {}
  void look_at(const Place& place, std::map<Place, Held>& held) const;

  const KafkaSettings settings_;
  const kafka::OffsetAsker& settled_;
  std::unique_ptr<kafka::OffsetAsker> all_;  ///< Uncommitted as well.
  std::map<Place, Held> held_;
};

}  // namespace understudy
