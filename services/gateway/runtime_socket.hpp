#pragma once

/// HAProxy's runtime API: one command over one connection of a Unix socket.
///
/// Thread safety: all calls from any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "actors/core/result.hpp"

namespace understudy::gateway {

class RuntimeSocket {
 public:
  enum class Peer : std::uint8_t {
    worker,
    master,
    through_master,  ///< The worker, where its own socket is gone.
  };

  explicit RuntimeSocket(std::string path, Peer peer = Peer::worker)
      : path_(std::move(path)), peer_(peer) {}

  /// What HAProxy answers. Errors: `unavailable` when nobody answers in time.
  [[nodiscard]] Result<std::string> ask(const std::string& command) const;

  /// Whether `;` may stand between commands of one line.
  [[nodiscard]] bool takes_several() const {
    return peer_ != Peer::through_master;
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  Peer peer_;
};

/// `text` as one word of a command, whatever it holds; control characters
/// become spaces.
[[nodiscard]] std::string command_word(std::string_view text);

}  // namespace understudy::gateway
