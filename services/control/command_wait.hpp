#pragma once

/// Commands under way: how many there may be, and who waits for what.
///
/// Thread safety: all from any thread.

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/runtime/messages.hpp"

namespace understudy {

/// What came of handing a command in.
enum class Handling : std::uint8_t {
  answered,    ///< `answer` holds, and is durable.
  not_ready,   ///< Nothing was done: ask again later.
  overloaded,  ///< Nothing was done: ask again later.
  unknown,     ///< No answer in time: ask again with the same command id.
};

struct Outcome {
  Handling handling = Handling::not_ready;
  CommandAnswer answer;
  std::vector<AnyEvent> events;  ///< Of a preview.
  /// Of a preview that was told from the log: the number of the last position
  /// that it knows. Nothing: the endpoint's actor told it.
  std::optional<std::uint64_t> as_of = {};
  /// Of `not_ready`: why, if the plane's readiness does not say it.
  std::string why = {};
};

/// An answer that comes from another thread, or never.
class AwaitedAnswer {
 public:
  void answer(const CommandAnswer& answer, std::vector<AnyEvent> events);
  /// Nobody is left who could answer.
  void drop();
  /// `Handling::unknown` when nothing came.
  [[nodiscard]] Outcome wait(std::chrono::milliseconds longest);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  Outcome outcome_{Handling::unknown, {}, {}};
};

/// Held by a reply: tells when the last copy of the reply goes.
class AnswerHolder {
 public:
  explicit AnswerHolder(std::shared_ptr<AwaitedAnswer> awaited)
      : awaited_(std::move(awaited)) {}
  ~AnswerHolder() { awaited_->drop(); }
  AnswerHolder(const AnswerHolder&) = delete;
  AnswerHolder& operator=(const AnswerHolder&) = delete;
  [[nodiscard]] AwaitedAnswer& awaited() const { return *awaited_; }

 private:
  std::shared_ptr<AwaitedAnswer> awaited_;
};

/// Counts a command as under way while it lives.
class CommandPlace {
 public:
  CommandPlace(std::atomic<std::size_t>& taken, std::size_t most)
      : taken_(taken), had_(taken.fetch_add(1) < most) {}
  ~CommandPlace() { --taken_; }
  CommandPlace(const CommandPlace&) = delete;
  CommandPlace& operator=(const CommandPlace&) = delete;
  [[nodiscard]] bool had() const { return had_; }

 private:
  std::atomic<std::size_t>& taken_;
  bool had_;
};

}  // namespace understudy
