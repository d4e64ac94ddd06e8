#pragma once

/// How far the commands of one partition are dealt with.
///
/// Commands are handed to actors in the order of their offsets and answered
/// in any. The journal keeps, with each transaction, the lowest offset that
/// is not dealt with and those above it that are; whoever takes over begins
/// there and passes over what is done. As text: `1042`, or `1042+1044,1047`
/// when 1044 and 1047 are done and 1042, 1043, 1045 and 1046 are not known
/// to be.
///
/// Thread safety: all calls from any thread.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/core/result.hpp"

namespace understudy {

class CommandWindow {
 public:
  /// Begins where the journal says. Errors: `corrupt`.
  Result<void> begin(std::string_view text);

  /// The lowest offset that is not dealt with.
  [[nodiscard]] std::uint64_t next() const;

  /// A message was read; false when it was dealt with before. Offsets come in
  /// their order; those between two are no messages.
  bool take(std::uint64_t offset);
  /// It is a command with this id; the first one of an id is looked up.
  void name(std::uint64_t offset, const std::string& endpoint,
            const std::string& command);
  /// The offset of a command that was taken and is not done.
  [[nodiscard]] std::optional<std::uint64_t> find(
      const std::string& endpoint, const std::string& command) const;

  /// It is dealt with, and that is durable or leaves nothing to lose.
  void done(std::uint64_t offset);

  /// As text, were these done as well.
  [[nodiscard]] std::string text_with(
      const std::vector<std::uint64_t>& offsets) const;

  /// Waits until fewer than `most` are under way; false after `wait`.
  bool await_room(std::size_t most, std::chrono::milliseconds wait) const;
  [[nodiscard]] std::size_t under_way() const;

 private:
  using Key = std::pair<std::string, std::string>;

  [[nodiscard]] std::uint64_t lowest() const;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::uint64_t read_to_ = 0;     ///< All before it was read.
  std::set<std::uint64_t> open_;  ///< Taken and not done.
  std::set<std::uint64_t> done_;  ///< Done, above the lowest open one.
  std::map<Key, std::uint64_t> named_;
  std::map<std::uint64_t, Key> names_;
};

}  // namespace understudy
