#pragma once

/// The commands topic: reading one partition of it from a position, and
/// publishing to it.
///
/// Thread safety: a `CommandSource` belongs to one thread; a
/// `CommandPublisher` may be called from any.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "actors/core/result.hpp"
#include "services/event_log/kafka_cursor.hpp"
#include "services/event_log/kafka_producer.hpp"

namespace understudy {

namespace kafka {
/// On a command that was sent on to its home: where it stood.
constexpr const char* forwarded_header = "forwarded-from";
}  // namespace kafka

/// A message as it was found. Valid inside the visitor only.
struct KafkaMessage {
  std::uint64_t offset = 0;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  kafka::TextHeaders headers;

  /// The last header of that name; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

class CommandSource {
 public:
  /// Begins at `offset`, or at the oldest message if that is newer. Errors:
  /// `corrupt` when the topic ends before `offset`: it is another topic than
  /// the one that the journal tells of.
  [[nodiscard]] static Result<std::unique_ptr<CommandSource>> open(
      const KafkaSettings& settings, std::uint32_t partition,
      std::uint64_t offset);

  /// Visits up to `most` messages, waiting up to `wait` for the first.
  Result<void> next(std::size_t most, std::chrono::milliseconds wait,
                    const std::function<void(const KafkaMessage&)>& visit);

  /// Messages between what was visited and the end.
  [[nodiscard]] Result<std::uint64_t> lag() const;

 private:
  CommandSource() = default;
  std::string topic_;
  std::uint32_t partition_ = 0;
  std::unique_ptr<kafka::Cursor> cursor_;
  std::unique_ptr<kafka::OffsetAsker> asker_;
};

class CommandPublisher {
 public:
  [[nodiscard]] static Result<std::unique_ptr<CommandPublisher>> open(
      const KafkaSettings& settings);
  ~CommandPublisher();

  /// Returns when all in-sync replicas have it. Errors: as the error table
  /// says; after `unavailable` it may be there or not: publishing the same
  /// command again is harmless.
  Result<void> publish(std::uint32_t partition, std::string_view key,
                       std::string_view value,
                       const kafka::TextHeaders& headers);

 private:
  CommandPublisher() = default;
  std::string topic_;
  std::unique_ptr<kafka::Client> client_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace understudy
