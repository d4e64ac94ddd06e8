#pragma once

/// Reads one partition of one topic from wherever it is told to: committed
/// messages only, unless all are asked for.
///
/// Thread safety: none; one thread at a time. Ownership: settings are copied.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "services/event_log/kafka_client.hpp"

namespace understudy::kafka {

/// What is committed, or all there is.
enum class Isolation : std::uint8_t { read_committed, read_uncommitted };

class Cursor {
 public:
  using Visitor = std::function<Result<Visit>(const rd_kafka_message_t&)>;

  /// Errors: as `Client::make`.
  [[nodiscard]] static Result<std::unique_ptr<Cursor>> make(
      const KafkaSettings& settings, const std::string& topic,
      std::uint32_t partition, Isolation isolation = Isolation::read_committed);
  ~Cursor();
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  /// The next message will be the first one at `offset` or after it.
  Result<void> seek(std::uint64_t offset);

  /// Visits what lies before offset `end`, or until the visitor stops.
  /// Errors: the visitor's; `unavailable` when the broker gives nothing for
  /// half a minute; `corrupt` when the offset is not there any more.
  Result<void> read_to(std::uint64_t end, const Visitor& visit);

  /// The next message, whatever the end; null when none came in `wait`.
  Result<MessageHandle> poll(std::chrono::milliseconds wait);

  /// All before this offset was visited or is no message.
  [[nodiscard]] std::uint64_t position() const { return position_; }

 private:
  Cursor(std::string topic, std::uint32_t partition)
      : topic_(std::move(topic)), partition_(partition) {}
  Result<MessageHandle> next();
  [[nodiscard]] std::optional<Error> final_error(
      const rd_kafka_message_t& message) const;

  const std::string topic_;
  const std::uint32_t partition_;
  std::unique_ptr<Client> client_;
  MessageHandle kept_;  ///< Read, but beyond the end that was asked for.
  std::uint64_t position_ = 0;
};

/// Asks for a partition's offsets, the end as its isolation has it, on a client
/// that fetches nothing: one that does answers late. A broker that does not
/// answer is given up after some seconds.
///
/// Thread safety: any thread.
class OffsetAsker {
 public:
  [[nodiscard]] static Result<std::unique_ptr<OffsetAsker>> make(
      const KafkaSettings& settings,
      Isolation isolation = Isolation::read_committed);

  struct Range {
    std::uint64_t first = 0;
    /// Everything before it is committed or was given up.
    std::uint64_t stable_end = 0;
  };
  Result<Range> ask(const std::string& topic, std::uint32_t partition) const;
  /// With half the requests.
  Result<std::uint64_t> stable_end(const std::string& topic,
                                   std::uint32_t partition) const;

  /// Partitions of a topic. Errors: `not_found` when there is no such topic.
  Result<std::uint32_t> partitions(const std::string& topic) const;

  [[nodiscard]] const Client& client() const { return *client_; }

 private:
  explicit OffsetAsker(std::unique_ptr<Client> client)
      : client_(std::move(client)) {}
  Result<std::uint64_t> find(const std::string& topic, std::uint32_t partition,
                             std::int64_t which) const;
  Result<std::uint32_t> partitions(const std::string& topic, int wait_ms) const;
  std::unique_ptr<Client> client_;
};

}  // namespace understudy::kafka
