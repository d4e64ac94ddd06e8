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

  /// Waits up to `wait` for it to be seen.
  [[nodiscard]] std::optional<CommandOutcome> await(
      const std::string& endpoint, const std::string& command,
      std::chrono::milliseconds wait) const;

  void close();

 private:
  using Key = std::pair<std::string, std::string>;  ///< Command, endpoint.

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<Key, CommandOutcome> outcomes_;
  std::deque<Key> order_;
  bool closed_ = false;
};

}  // namespace understudy
