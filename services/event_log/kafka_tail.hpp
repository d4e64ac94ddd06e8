#pragma once

/// The tail of every partition of the journal topic.

#include <atomic>
#include <map>
#include <memory>

#include "services/event_log/kafka_client.hpp"
#include "services/event_log/kafka_journal.hpp"
#include "services/event_log/log_tail.hpp"

namespace understudy {

class KafkaTail final : public LogTail {
 public:
  /// Told of each command that was put aside, as its note says, in order with
  /// the records; may be empty.
  using PutAside = std::function<void(std::string_view)>;

  /// Begins with the first record of each partition. Errors: `not_found`
  /// when there is no such topic, `unavailable`.
  [[nodiscard]] static Result<std::unique_ptr<KafkaTail>> open(
      const KafkaSettings& settings, const kafka::Peek& peek = {},
      PutAside put_aside = {});

  Result<void> next(
      std::size_t most, std::chrono::milliseconds wait,
      const std::function<bool(const LogRecord&)>& visit) override;
  void reach(std::uint32_t, std::uint64_t) override {}
  void wake() override { over_ = true; }

  [[nodiscard]] std::uint32_t partitions() const { return partitions_; }
  /// Records passed over, of writers that had been succeeded. Any thread.
  [[nodiscard]] std::uint64_t voided() const { return voided_; }

 private:
  KafkaTail() = default;
  Result<void> assign();
  /// False when the visitor did not take it.
  Result<bool> see(const rd_kafka_message_t& message, std::size_t& count,
                   const std::function<bool(const LogRecord&)>& visit);

  PutAside put_aside_;
  std::string topic_;
  std::uint32_t partitions_ = 0;
  std::unique_ptr<kafka::Client> client_;
  std::map<std::uint32_t, kafka::JournalFilter> filters_;
  /// Where each partition goes on after an error.
  std::map<std::uint32_t, std::int64_t> offsets_;
  bool assigned_ = false;
  std::atomic<bool> over_ = false;
  std::atomic<std::uint64_t> voided_ = 0;
};

}  // namespace understudy
