#pragma once

/// The load topic: facts that are of use for seconds. Whoever writes sends
/// the newest only, whoever reads begins at the end.
///
/// Thread safety: a `LoadTopicWriter` may be called from any thread; a
/// `LoadTopicReader` belongs to one thread, but for `current`.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "actors/core/instant.hpp"
#include "actors/core/result.hpp"
#include "services/event_log/kafka_client.hpp"
#include "services/event_log/kafka_cursor.hpp"
#include "services/event_log/kafka_settings.hpp"

namespace understudy {

/// Key and value, each message.
using LoadTopicMessages = std::vector<std::pair<std::string, std::string>>;

class LoadTopicWriter {
 public:
  /// The cluster need not be there. Errors: as `Client::make`.
  [[nodiscard]] static Result<std::unique_ptr<LoadTopicWriter>> open(
      const KafkaSettings& settings);
  /// Sends what is left, for a moment.
  ~LoadTopicWriter();
  LoadTopicWriter(const LoadTopicWriter&) = delete;
  LoadTopicWriter& operator=(const LoadTopicWriter&) = delete;

  /// Takes the place of what this sender gave before and is not sent yet.
  void send(const std::string& sender, LoadTopicMessages messages);

  /// Why the latest did not arrive; nothing when all did.
  [[nodiscard]] std::optional<std::string> trouble() const;

 private:
  explicit LoadTopicWriter(const KafkaSettings& settings);
  Result<void> make_client();
  void delivered(const rd_kafka_message_t& message);
  void run();
  void produce(const LoadTopicMessages& messages);
  void failed(int code, const std::string& text = {});

  const KafkaSettings settings_;
  const std::string topic_;
  std::unique_ptr<kafka::Client> client_;  ///< Of the thread, once it runs.
  mutable std::mutex mutex_;
  std::map<std::string, LoadTopicMessages> waiting_;  ///< By sender.
  std::size_t under_way_ = 0;
  std::optional<std::string> round_trouble_;
  std::optional<std::string> trouble_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Valid inside the visitor only.
struct LoadTopicMessage {
  std::uint32_t partition = 0;
  std::uint64_t offset = 0;
  std::string_view value;
  /// By the broker's clock; nothing where the sender gave the time.
  std::optional<Instant> stored;
};

class LoadTopicReader {
 public:
  /// Begins with what comes next in each partition. Errors: `not_found` when
  /// there is no such topic, `unavailable`.
  [[nodiscard]] static Result<std::unique_ptr<LoadTopicReader>> open(
      const KafkaSettings& settings);

  /// Visits what is there, waiting up to `wait` for the first. Errors: it
  /// has to be opened anew.
  Result<void> next(std::chrono::milliseconds wait,
                    const std::function<void(const LoadTopicMessage&)>& visit);

  /// Whether all that was there at the last call has been visited. From one
  /// other thread; may take some seconds. Errors: the cluster does not say,
  /// or the topic has other partitions than it had.
  Result<bool> current();

 private:
  LoadTopicReader() = default;
  Result<void> assign();

  std::string topic_;
  std::uint32_t partitions_ = 0;
  std::unique_ptr<kafka::Client> client_;
  std::unique_ptr<kafka::OffsetAsker> asker_;
  std::map<std::uint32_t, std::uint64_t> ends_;  ///< When last asked.
  std::mutex mutex_;
  std::map<std::uint32_t, std::uint64_t> positions_;
};

}  // namespace understudy
