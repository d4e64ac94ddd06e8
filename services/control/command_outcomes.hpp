#pragma once

/// What became of each command, found by its id, as the log tells it.
///
/// The latest ones are kept, so many of them; the log has all.
///
/// Thread safety: all calls from any thread; `see` from one at a time.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "actors/runtime/messages.hpp"
#include "actors/runtime/record.hpp"
#include "services/codec/json.hpp"

namespace understudy {

struct CommandOutcome {
  std::string endpoint;
  std::string kind;  ///< The command's name, such as `scale-variant`.
  Instant time;
  CommandAnswer answer;  ///< Its sequence is a position number.
};

/// As the API and the command line show it.
[[nodiscard]] Json outcome_json(const std::string& command,
                                const CommandOutcome& outcome);

class CommandOutcomes {
 public:
  static constexpr std::size_t kept = 50'000;

  /// A record, with position numbers.
  void see(const Record& record);

  [[nodiscard]] std::optional<CommandOutcome> find(
      const std::string& endpoint, const std::string& command) const;
  /// Of any endpoint.
  [[nodiscard]] std::optional<CommandOutcome> find(
      const std::string& command) const;

  /// Who waits for one, from before it is handed in until it is answered.
  /// Ownership: the outcomes must outlive it.
  class Wait {
   public:
    Wait(CommandOutcomes& outcomes, const std::string& endpoint,
         const std::string& command);
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    /// Up to `longest`, until it was decided or put aside.
    [[nodiscard]] std::optional<CommandAnswer> await(
        std::chrono::milliseconds longest) const;

   private:
    CommandOutcomes& outcomes_;
    const std::pair<std::string, std::string> key_;
  };

  /// It was not decided, and why; told to those who wait now. It is not kept:
  /// the same command may be decided when it is sent again.
  void put_aside(const std::string& endpoint, const std::string& command,
                 CommandAnswer answer);

  void close();

 private:
  using Key = std::pair<std::string, std::string>;  ///< Command, endpoint.
  struct Waiting {
    std::size_t count = 0;
    std::optional<CommandAnswer> aside;
  };

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<Key, CommandOutcome> outcomes_;
  std::deque<Key> order_;
  std::map<Key, Waiting> waiting_;
  bool closed_ = false;
};

}  // namespace understudy
