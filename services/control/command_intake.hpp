#pragma once

/// Takes the commands of one owned partition from the commands topic to the
/// endpoints: decodes them, hands those that are at home here to the
/// partition in their order, forwards those that another client put here,
/// and puts what cannot be read aside, with the reason.
///
/// Thread safety: all calls from any thread, except `start` and `stop`,
/// which belong to its owner. Ownership: all it is given must outlive it.

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "actors/core/result.hpp"
#include "services/codec/command_json.hpp"
#include "services/control/command_window.hpp"
#include "services/event_log/kafka_commands.hpp"
#include "services/event_log/kafka_log.hpp"

namespace understudy {

struct IntakeOptions {
  std::uint32_t partition = 0;
  std::uint32_t partitions = 1;
  /// Half of them are in the transaction that is on its way when commands
  /// come faster than transactions end.
  std::size_t max_under_way = 4096;
};

/// What the intake tells. Called from its thread; must not be empty.
struct IntakeCalls {
  /// Hands a command in. `done` is called once it is dealt with; never, when
  /// the partition fails first. False when there is no partition at work.
  std::function<bool(const Command&, std::function<void()> done)> submit;
  /// Why an endpoint's stream takes nothing more; empty while it does.
  std::function<std::string(const std::string& endpoint)> stopped;
  /// A message was put aside: its position and the reason.
  std::function<void(const std::string&, const std::string&)> put_aside;
  std::function<void()> went_on;
  /// It cannot go on: what a person must mend.
  std::function<void(const Error&)> failed;
};

class CommandIntake {
 public:
  CommandIntake(const KafkaSettings& settings, IntakeOptions options,
                CommandWindow& window, IntakeCalls calls);
  ~CommandIntake();
  CommandIntake(const CommandIntake&) = delete;
  CommandIntake& operator=(const CommandIntake&) = delete;

  /// Begins where the window says; `log` takes what is sent on.
  void start(KafkaLog& log);
  void stop();

  [[nodiscard]] std::uint64_t forwarded() const { return forwarded_; }
  [[nodiscard]] std::uint64_t put_aside() const { return put_aside_; }

 private:
  struct Sent {
    std::vector<kafka::Outgoing> messages;
    std::vector<std::string> keys;
    std::vector<std::string> values;
    std::vector<std::uint64_t> offsets;
    kafka::TextHeaders notes;  ///< Of what is put aside.
  };

  void run();
  Result<void> round(CommandSource& source);
  void see(const KafkaMessage& message, Sent& sent);
  void forward(const KafkaMessage& message, const std::string& endpoint,
               std::uint32_t home, Sent& sent);
  void put_aside(const KafkaMessage& message, std::string_view reason,
                 const std::string& detail, Sent& sent);
  void add(const KafkaMessage& message, kafka::Outgoing outgoing,
           std::string key, Sent& sent);

  const KafkaSettings settings_;
  const IntakeOptions options_;
  CommandWindow& window_;
  const IntakeCalls calls_;
  KafkaLog* log_ = nullptr;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> forwarded_ = 0;
  std::atomic<std::uint64_t> put_aside_ = 0;
  std::thread thread_;
};

}  // namespace understudy
