#pragma once

/// Load facts of a fleet on Kafka. Every daemon reads the whole topic, from
/// the end, and knows of all endpoints what gateways say: whoever takes a
/// partition over has nothing to wait for. What gateways report to this
/// daemon by HTTP goes to the topic too, and is heard from there.
///
/// What came too late to be of use is dropped; while the topic is not read,
/// or not to its end, the meter is told that it hears nothing.
///
/// Thread safety: all calls from any thread. Ownership: the meter must
/// outlive it.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "services/control/kafka_figures.hpp"
#include "services/event_log/kafka_load.hpp"
#include "services/load/gateway_load.hpp"
#include "services/load/load_desk.hpp"
#include "services/load/load_message.hpp"

namespace understudy {

class KafkaLoad final : public LoadDesk {
 public:
  /// The cluster need not be there. Errors: as `kafka::Client::make`.
  [[nodiscard]] static Result<std::unique_ptr<KafkaLoad>> open(
      const KafkaSettings& settings, GatewayLoad& meter);
  ~KafkaLoad() override;
  KafkaLoad(const KafkaLoad&) = delete;
  KafkaLoad& operator=(const KafkaLoad&) = delete;

  /// Returns when it is on its way. Errors: the ones before did not arrive.
  [[nodiscard]] Result<void> report(const LoadReport& report) override;
  [[nodiscard]] std::size_t gateways() const override {
    return meter_.gateways();
  }

  /// Sets what concerns the load.
  void add_figures(KafkaFigures& figures) const;

 private:
  KafkaLoad(const KafkaSettings& settings, GatewayLoad& meter)
      : settings_(settings), meter_(meter) {}
  void read();
  void watch();
  void see(const LoadTopicMessage& message);
  void tell_unreadable(const LoadTopicMessage& message, const Error& error);
  void hears(bool now, const std::string& why = {});
  /// False when it is to end.
  bool pause();

  const KafkaSettings settings_;
  GatewayLoad& meter_;
  std::unique_ptr<LoadTopicWriter> writer_;
  std::atomic<std::uint64_t> facts_ = 0;
  std::atomic<std::uint64_t> late_ = 0;
  std::atomic<std::uint64_t> unreadable_ = 0;
  std::atomic<bool> hears_ = false;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<LoadTopicReader> reader_;  ///< Null while there is none.
  std::string told_;                         ///< Why nothing is heard.
  bool stopping_ = false;

  // Of the reading thread.
  std::map<std::uint32_t, MessageAge> ages_;
  std::chrono::steady_clock::time_point silent_until_;

  std::thread watching_;
  std::thread reading_;
};

}  // namespace understudy
