#pragma once

/// A transactional producer: what it is given between `begin` and `commit`
/// is there whole or not at all.
///
/// Opening it fences every other one of the same id and settles what that
/// one had open. After an error it is done for: nobody can say what became
/// of the transaction without a new one that settles it. So there is no
/// abort; making anew is the one way on.
///
/// Thread safety: none; one thread at a time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "services/event_log/kafka_client.hpp"

namespace understudy::kafka {

using TextHeaders = std::vector<std::pair<std::string, std::string>>;

struct Outgoing {
  std::string topic;
  std::int32_t partition = 0;
  std::string_view key;  ///< Without data: no key.
  /// Without data (`data() == nullptr`): a null value.
  Bytes value;
  TextHeaders headers;
};

/// As librdkafka takes them; it owns them once a message was handed over.
[[nodiscard]] HeadersHandle to_headers(const TextHeaders& texts);
/// All headers of a message that was read, in their order.
[[nodiscard]] TextHeaders headers_of(const rd_kafka_message_t& message);

class Producer {
 public:
  /// Fences its predecessors; `topics` are asked for, so that the first
  /// transaction does not wait a second for them. Errors: `unavailable`,
  /// `already_held`, or as the error table says.
  [[nodiscard]] static Result<std::unique_ptr<Producer>> open(
      const KafkaSettings& settings, const std::string& transactional_id,
      const std::vector<std::string>& topics);
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  Result<void> begin();
  /// The bytes of `message` are copied.
  Result<void> send(const Outgoing& message);
  Result<void> commit();

  /// Whether a request of the last transaction may have been sent twice, and
  /// the first may arrive yet: an end that comes late would end whatever
  /// transaction is open then. A new producer is safe from it.
  [[nodiscard]] bool shaken() const { return client_->losses() != losses_; }

  /// Of the last transaction: the highest offset in `topic`, if any.
  [[nodiscard]] std::int64_t last_offset(const std::string& topic) const;

  /// Lets librdkafka tell its troubles and statistics.
  void serve();
  [[nodiscard]] const Client& client() const { return *client_; }

 private:
  Producer() = default;
  void delivered(const rd_kafka_message_t& message);
  [[nodiscard]] Error failed(std::string_view doing, rd_kafka_error_t* error);

  std::unique_ptr<Client> client_;
  std::vector<std::pair<std::string, std::int64_t>> offsets_;
  int delivery_error_ = 0;
  std::uint64_t losses_ = 0;  ///< When the transaction began.
};

}  // namespace understudy::kafka
