#pragma once

/// Reads the journal of one partition by sequence.
///
/// Kafka finds messages by offset, and offsets have gaps. Sequences are found
/// by halving, and places that were seen are remembered.
///
/// Thread safety: any thread, any number at a time, also from inside a
/// visitor: each reading has a cursor of its own.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "services/event_log/kafka_cursor.hpp"
#include "services/event_log/kafka_journal.hpp"

namespace understudy::kafka {

/// Where a partition of the journal ends.
struct JournalEnd {
  std::uint64_t offset = 0;         ///< All before it is settled.
  std::uint64_t next_sequence = 1;  ///< Of the next record.
  std::uint32_t epoch = 0;          ///< Highest; 0: nobody wrote yet.
  std::uint32_t partitions = 0;     ///< As the last claim in sight said.
  /// What the last message that spoke of commands said of them.
  std::optional<std::string> commands;
};

class JournalReader {
 public:
  [[nodiscard]] static Result<std::unique_ptr<JournalReader>> make(
      const KafkaSettings& settings, std::uint32_t partition,
      std::shared_ptr<const OffsetAsker> asker, Peek peek = {});

  Result<void> read(std::uint64_t from,
                    const std::function<Visit(const LogRecord&)>& visit);

  /// Reads the last messages.
  Result<JournalEnd> end();

  /// The offset before which all is settled; never less than it said before.
  /// A broker that does not know yet that it leads no more may say too little.
  Result<std::uint64_t> stable_offset() const;

  [[nodiscard]] std::uint64_t voided() const;
  [[nodiscard]] const std::string& topic() const { return topic_; }

 private:
  /// A cursor that goes on where it was, when it is asked to.
  struct Lease {
    std::unique_ptr<Cursor> cursor;
    JournalFilter filter;
  };

  JournalReader(const KafkaSettings& settings, std::uint32_t partition,
                std::shared_ptr<const OffsetAsker> asker, Peek peek);
  [[nodiscard]] JournalFilter new_filter() const;
  Result<Lease> take(std::uint64_t from);
  void give_back(Lease lease);
  Result<void> go_to(Lease& lease, std::uint64_t from, std::uint64_t end);
  Result<std::uint64_t> find(Cursor& cursor, std::uint64_t from,
                             std::uint64_t end);
  Result<std::optional<std::uint64_t>> sequence_after(Cursor& cursor,
                                                      std::uint64_t offset,
                                                      std::uint64_t end);
  void remember(std::uint64_t sequence, std::uint64_t offset);

  const KafkaSettings settings_;
  const std::string topic_;
  const std::uint32_t partition_;
  const std::shared_ptr<const OffsetAsker> asker_;
  const Peek peek_;

  mutable std::mutex mutex_;
  std::vector<Lease> idle_;
  std::map<std::uint64_t, std::uint64_t> places_;  ///< Sequence to offset.
  JournalEnd end_;
  mutable std::uint64_t stable_ = 0;  ///< Highest offset known to be settled.
  std::uint64_t voided_ = 0;
};

}  // namespace understudy::kafka
