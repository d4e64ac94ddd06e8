#pragma once

/// One client's socket and what is being read from it.
///
/// Thread safety: none; it is handed from the thread that waits for requests
/// to the one that answers, and back.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "services/api/request_reader.hpp"
#include "services/event_log/descriptor.hpp"

namespace understudy {

/// Neither waits for the other end: the socket does not block.
class Connection {
 public:
  using Steady = std::chrono::steady_clock;

  Connection(Descriptor socket, std::size_t max_body_bytes)
      : reader(max_body_bytes), socket_(std::move(socket)) {}

  [[nodiscard]] int socket() const { return socket_.get(); }

  enum class Got : std::uint8_t { bytes, nothing, end };
  /// Reads what is there, 64 KiB at most, into the reader.
  Got receive();
  /// Reads and forgets what is there.
  Got discard();
  /// No more will be sent; what the client still sends is not read.
  void finish_sending();

  /// Sends all of it. False when the client took nothing for `longest`, or
  /// took it slower than anybody does, or is gone.
  bool send(std::string_view bytes, std::chrono::milliseconds longest);
  /// Sends it if it can be sent at once.
  void send_now(std::string_view bytes);
  [[nodiscard]] bool client_is_there() const;

  RequestReader reader;
  Steady::time_point deadline{};  ///< Of what is waited for.
  bool lingering = false;         ///< Answered; only the end is waited for.
  std::size_t discarded = 0;

 private:
  Descriptor socket_;
};

}  // namespace understudy
