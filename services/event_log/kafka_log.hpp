#pragma once

/// The log on Kafka: one partition of the journal topic, with the events
/// that everybody may read, and of the snapshots topic.
///
/// A batch is one transaction: its records on `journal`, what they tell the
/// world on `events`, and how far the commands topic was dealt with, in the
/// headers. An append returns when the batch can be read; that is a few
/// milliseconds after Kafka acknowledged it, and the time the next
/// transaction would otherwise lose by beginning too early.
///
/// After an error the log takes nothing more: open it again, which fences
/// this writer, settles what it left open and reads what came of it.
///
/// Thread safety: as `EventLog`; `send` from any thread.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "actors/ports/event_log.hpp"
#include "services/event_log/kafka_producer.hpp"
#include "services/event_log/kafka_reader.hpp"
#include "services/event_log/kafka_settings.hpp"
#include "services/event_log/kafka_settling.hpp"
#include "services/event_log/log_facts.hpp"

namespace understudy {

/// What a record looks like to people and to consumers of the topics.
struct KafkaForm {
  std::string key;  ///< The endpoint's name.
  kafka::TextHeaders headers;
  /// The fleet event; nothing is sent to `events` where it is empty.
  std::string event;
  kafka::TextHeaders event_headers;
  /// Offset of the command that this record answers, in this partition.
  std::optional<std::uint64_t> command;
};

struct KafkaLogOptions {
  /// Of a record with this sequence; empty: bytes alone.
  std::function<KafkaForm(std::uint64_t, Bytes)> form;
  /// How far the commands topic is dealt with once a transaction that
  /// answers these commands is committed; empty: "0".
  std::function<std::string(const std::vector<std::uint64_t>&)> commands;
  /// The transaction that dealt with these commands is committed. Comes before
  /// `commands` is asked again, so that no later transaction says less.
  std::function<void(const std::vector<std::uint64_t>&)> dealt;
  /// Makes reading faster; may be empty.
  kafka::Peek peek;
  /// Told what the log says of commands, before the epoch is claimed; may be
  /// empty. An error ends the opening.
  std::function<Result<void>(const std::string&)> begin;
  std::function<void(const LogCommit&)> on_commit;
  /// A transaction was given up, with what had gone wrong.
  std::function<void(const Error&)> on_failed;
};

class KafkaLog final : public EventLog {
 public:
  /// Takes the partition over: fences who wrote it, settles what was open,
  /// reads to the end and claims a new epoch. Errors: `not_found` when the
  /// topics are not there, `unavailable`, `corrupt`, `invalid_input`.
  [[nodiscard]] static Result<std::unique_ptr<KafkaLog>> open_writer(
      const KafkaSettings& settings, std::uint32_t partition,
      KafkaLogOptions options = {});

  /// Reads it, whoever writes. Errors as above.
  [[nodiscard]] static Result<std::unique_ptr<KafkaLog>> open_reader(
      const KafkaSettings& settings, std::uint32_t partition,
      kafka::Peek peek = {});

  /// Reads all partitions, in their order. Errors as above.
  [[nodiscard]] static Result<std::vector<std::unique_ptr<EventLog>>>
  open_readers(const KafkaSettings& settings, const kafka::Peek& peek = {});

  ~KafkaLog() override;
  KafkaLog(const KafkaLog&) = delete;
  KafkaLog& operator=(const KafkaLog&) = delete;

  Result<void> append(std::uint64_t first,
                      std::span<const Bytes> records) override;
  Result<std::uint64_t> end() const override;
  Result<void> read(
      std::uint64_t from,
      const std::function<Visit(const LogRecord&)>& visit) const override;
  [[nodiscard]] std::uint32_t epoch() const override { return epoch_; }

  Result<void> put_snapshots(std::span<const Snapshot> batch) override;
  Result<void> read_snapshots(
      const std::function<Visit(const Snapshot&)>& visit) const override;
  Result<void> remove_snapshots(std::span<const std::string> streams) override;
  Result<void> drop_snapshots() override;

  /// Sends messages to other topics (a command to its home, a dead letter)
  /// in one transaction with a note that the commands named are dealt with;
  /// `more` are headers of that note.
  Result<void> send(std::span<const kafka::Outgoing> messages,
                    const std::vector<std::uint64_t>& commands,
                    const kafka::TextHeaders& more = {});

  /// Partitions of the journal topic.
  [[nodiscard]] std::uint32_t partitions() const { return partitions_; }
  /// Records that readers passed over, of writers that had been succeeded.
  [[nodiscard]] std::uint64_t voided() const { return reader_->voided(); }

 private:
  KafkaLog(const KafkaSettings& settings, std::uint32_t partition,
           KafkaLogOptions options);
  static Result<std::unique_ptr<KafkaLog>> open_reader(
      const KafkaSettings& settings, std::uint32_t partition,
      std::shared_ptr<const kafka::OffsetAsker> asker, std::uint32_t partitions,
      kafka::Peek peek);
  Result<void> open_producer();
  Result<void> renew_producer();
  Result<kafka::JournalEnd> settled_end();
  Result<void> claim();
  Result<void> check_records(std::uint64_t first,
                             std::span<const Bytes> records) const;
  Result<void> commit(std::span<const Bytes> records,
                      std::span<const kafka::Outgoing> messages,
                      std::vector<std::uint64_t> commands,
                      std::string_view kind,
                      const kafka::TextHeaders& more = {});
  Result<void> fill(std::span<const Bytes> records,
                    std::span<const kafka::Outgoing> messages,
                    std::vector<std::uint64_t>& commands, std::string_view kind,
                    const kafka::TextHeaders& more);
  Result<void> send_record(std::uint64_t sequence, Bytes record,
                           const KafkaForm& form, const std::string* commands);
  Result<void> send_about(std::string_view kind, const std::string& commands,
                          const kafka::TextHeaders& more);
  Result<void> await_visible(std::int64_t offset);
  Result<void> check_writable() const;
  Result<void> write_snapshots(std::span<const kafka::Outgoing> messages);
  [[nodiscard]] std::string commands_text(
      const std::vector<std::uint64_t>& decided) const;

  const KafkaSettings settings_;
  const std::uint32_t partition_;
  const KafkaLogOptions options_;
  std::shared_ptr<const kafka::OffsetAsker> asker_;
  std::unique_ptr<kafka::JournalReader> reader_;
  bool writer_ = false;
  std::uint32_t partitions_ = 0;
  std::uint32_t epoch_ = 0;

  std::mutex writing_;  ///< Guards the three below.
  std::unique_ptr<kafka::Producer> producer_;
  std::optional<Error> broken_;
  kafka::Settling settling_;
  std::atomic<std::uint64_t> end_ = 1;  ///< The writer's; readers ask.

  std::mutex snapshots_;  ///< Guards the two below.
  std::unique_ptr<kafka::Producer> snapshot_producer_;
  kafka::Settling snapshots_settling_;
};

}  // namespace understudy
