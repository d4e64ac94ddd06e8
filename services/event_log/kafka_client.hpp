#pragma once

/// One librdkafka client, quiet, with its last trouble kept for whoever has
/// to explain why nothing happens.
///
/// Thread safety: `handle` as librdkafka says; `trouble` from any thread.
/// Ownership: destroying it ends its threads; it must outlive what was made
/// of its handle (messages, topics, queues).

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "actors/core/result.hpp"
#include "services/event_log/kafka_handles.hpp"
#include "services/event_log/kafka_settings.hpp"

namespace understudy::kafka {

/// Called by librdkafka, on the thread that polls. Any may be empty.
struct ClientCalls {
  /// A message that a producer sent was stored (`err` 0) or was not.
  std::function<void(const rd_kafka_message_t&)> delivered;
  /// A group gives or takes partitions.
  std::function<void(rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*)>
      rebalanced;
  /// librdkafka's statistics, JSON; with `statistics.interval.ms`.
  std::function<void(std::string)> statistics;
};

class Client {
 public:
  using Properties = std::initializer_list<std::pair<const char*, std::string>>;

  /// `properties` are set after the user's own and weigh more. Errors:
  /// `invalid_input` for a property that librdkafka does not take, by name.
  [[nodiscard]] static Result<std::unique_ptr<Client>> make(
      rd_kafka_type_t type, const KafkaSettings& settings,
      Properties properties, ClientCalls calls = {});

  [[nodiscard]] rd_kafka_t* handle() const { return handle_.get(); }

  /// What librdkafka last complained of, in one line; or empty.
  [[nodiscard]] std::string trouble() const;

  /// Times that an established connection was lost or a request was given
  /// up: what was under way then may still arrive at the broker, later.
  [[nodiscard]] std::uint64_t losses() const { return losses_; }

  /// An error of this client; the last trouble is named when `code` only
  /// says that time passed.
  [[nodiscard]] Error error(std::string_view doing, int code,
                            std::string_view detail = {}) const;

 private:
  explicit Client(ClientCalls calls) : calls_(std::move(calls)) {}
  friend struct Callbacks;

  const ClientCalls calls_;
  std::string where_;
  mutable std::mutex mutex_;
  std::string trouble_;
  int trouble_code_ = 0;
  std::atomic<std::uint64_t> losses_ = 0;
  ClientHandle handle_;  // Last: its threads use the rest.
};

}  // namespace understudy::kafka
