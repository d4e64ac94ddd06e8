#pragma once

/// What a message of the journal topic is, and whether a run of them is a
/// log. README.md in this folder and schemas/ describe the headers.
///
/// A message is a record, or it is about the log: a `barrier` says that a new
/// writer is about to read to here, a `claim` that it begins an epoch, a
/// `note` that commands were dealt with that left no record. Correctness does
/// not rest on Kafka's fencing alone: every message carries the epoch of its
/// writer, every record its sequence. A record of a writer whose successor has
/// claimed the partition before it is void: every reader passes over it. A gap
/// among the others is damage.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/ports/event_log.hpp"
#include "services/event_log/kafka_handles.hpp"

namespace understudy::kafka {

// Do not change these names: they are on the topic.
constexpr const char* sequence_header = "sequence";
constexpr const char* epoch_header = "epoch";
constexpr const char* kind_header = "understudy-kind";
constexpr const char* partitions_header = "partitions";
constexpr const char* commands_header = "commands";
/// On a note, for each command that was put aside: JSON, what and why.
constexpr const char* put_aside_header = "put-aside";
/// HOST:PID of who claims, for people.
constexpr const char* writer_header = "writer";
constexpr const char* transactional_id_header = "transactional-id";
constexpr std::string_view barrier_kind = "barrier";
constexpr std::string_view claim_kind = "claim";
constexpr std::string_view note_kind = "note";

/// What a reader may know of a record's bytes. Headers say it too, and are
/// slower to read than all the rest of a message.
struct Peeked {
  std::uint64_t sequence = 0;
  std::uint32_t epoch = 0;
};
using Peek = std::function<std::optional<Peeked>(Bytes)>;

/// A header's text; nothing when it is not there. Valid as long as the
/// message.
[[nodiscard]] std::optional<std::string_view> header_of(
    const rd_kafka_message_t& message, const char* name);

/// Goes through the messages of one partition in order.
///
/// Thread safety: none. What `see` returns is valid until the next call.
class JournalFilter {
 public:
  /// `peek` may be empty: then every message's headers are read.
  JournalFilter(std::uint32_t partition, std::string where, Peek peek = {})
      : partition_(partition),
        where_(std::move(where)),
        peek_(std::move(peek)) {}

  /// The next record must be `sequence`; 0 for any.
  void expect(std::uint64_t sequence) { next_ = sequence; }

  /// The record that a message is, if it is one that counts. Errors:
  /// `corrupt` when it does not follow the one before, or is none of ours.
  Result<std::optional<LogRecord>> see(const rd_kafka_message_t& message);

  /// Sequence that follows the last record; what `expect` said before it.
  [[nodiscard]] std::uint64_t next() const { return next_; }
  /// Highest epoch seen.
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// What the last message said of commands; nothing when none did, or when
  /// headers were not read.
  [[nodiscard]] const std::optional<std::string>& commands() const {
    return commands_;
  }
  /// Partitions of the topics, as the last claim said; 0: none seen.
  [[nodiscard]] std::uint32_t partitions() const { return partitions_; }
  /// Records passed over because their writer had been succeeded.
  [[nodiscard]] std::uint64_t voided() const { return voided_; }

 private:
  struct Fields;
  Result<std::optional<LogRecord>> see_record(const rd_kafka_message_t& message,
                                              const Fields& fields);
  Result<void> see_about(const rd_kafka_message_t& message,
                         const Fields& fields);
  [[nodiscard]] Error damaged(const rd_kafka_message_t& message,
                              const std::string& what) const;

  std::uint32_t partition_;
  std::string where_;
  Peek peek_;
  std::uint64_t next_ = 0;
  std::uint32_t epoch_ = 0;
  std::uint32_t partitions_ = 0;
  std::uint64_t voided_ = 0;
  std::optional<std::string> commands_;
  std::vector<std::byte> copy_;
};

}  // namespace understudy::kafka
