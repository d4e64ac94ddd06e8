#pragma once

/// Sends load facts to whoever decides by them, the newest at any time: what
/// could not be sent is not sent late.
///
/// Thread safety: all calls from any thread.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "services/client/server_address.hpp"
#include "services/event_log/kafka_load.hpp"
#include "services/load/load_message.hpp"
#include "services/load/load_report.hpp"

namespace understudy::gateway {

class Publisher {
 public:
  /// Sends what is left, for a moment.
  virtual ~Publisher() = default;

  virtual void publish(const LoadReport& report) = 0;

  /// Why the last one did not arrive; nothing when it did.
  [[nodiscard]] virtual std::optional<std::string> trouble() const = 0;
};

/// To one daemon, by HTTP.
class ServerPublisher final : public Publisher {
 public:
  explicit ServerPublisher(ServerAccess access);
  ~ServerPublisher() override;
  ServerPublisher(const ServerPublisher&) = delete;
  ServerPublisher& operator=(const ServerPublisher&) = delete;

  void publish(const LoadReport& report) override;
  [[nodiscard]] std::optional<std::string> trouble() const override;

 private:
  void run();

  const ServerAccess access_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::string> next_;
  std::optional<std::string> trouble_;
  bool stopping_ = false;
  std::thread thread_;
};

/// To all daemons, by the load topic.
class TopicPublisher final : public Publisher {
 public:
  explicit TopicPublisher(std::unique_ptr<LoadTopicWriter> writer)
      : writer_(std::move(writer)) {}

  void publish(const LoadReport& report) override {
    writer_->send(report.gateway, load_messages(report));
  }
  [[nodiscard]] std::optional<std::string> trouble() const override {
    return writer_->trouble();
  }

 private:
  const std::unique_ptr<LoadTopicWriter> writer_;
};

}  // namespace understudy::gateway
